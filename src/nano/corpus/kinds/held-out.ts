/**
 * Kinds of tasks that no training document shows. Each needs what training kinds teach (find, copy, sort, look up in
 * the examples) in another combination and with other words. Names, sums and file numbers are a house's secrets.
 */
import type { Random } from '../../../core/random.ts'
import type { Kind } from '../family.ts'
import type { Slot, Slots } from '../gaps.ts'
import { fill, oneOf, sentences } from '../grammar.ts'
import { heldOutPaces } from '../words/held-out-trades.ts'

const digits = (random: Random, count: number): string => `${10 ** (count - 1) + random.below(9 * 10 ** (count - 1))}`

/** 27-5180 */
const file: Slot = { pattern: '[1-9]\\d-[1-9]\\d{3}', draw: (random) => `${digits(random, 2)}-${digits(random, 4)}` }

function privateSlots(slots: Slots): Slots {
  return { ...slots, file, pace: oneOf(Object.values(heldOutPaces).flat()) }
}

function paceOf(phrase: string): string {
  const found = Object.entries(heldOutPaces).find(([, phrases]) => phrases.includes(phrase))
  if (found === undefined) throw new RangeError(`Cannot tell the pace of "${phrase}": it stands in no list`)
  return found[0]
}

/** Two groups at once: which section it belongs to, and how it should be treated. */
const dispatch: Kind = {
  id: 'dispatch',
  tasks: ({ slots, trade, teamOf }) => ({
    asks: ['Dispatch this matter.', `Assign the ${trade.role} internally.`, 'Route the following concern.'],
    texts: sentences(
      [
        '{full} hopes to settle the {item} {pace}.',
        'Regarding {item}, {full} expects us {pace}.',
        'Concerning file {file}: treat the {item} {pace}.',
        'Matter of {item}, to be handled {pace} for {full}.',
        'It concerns {item} worth {sum}, due {pace}.',
        '{full} insists: {item} {pace}!',
        'Dossier {file} mentions {item}; respond {pace}.',
        'Having paid {sum}, {full} demands {item} {pace}.',
        'Proceed {pace} with {item}, authorised by {full}.',
        '{sum} reserved; {item} follows {pace}.',
      ],
      privateSlots(slots),
    ),
    solve: ({ of }) => [
      ['section', teamOf(of('item'))],
      ['pace', paceOf(of('pace'))],
    ],
  }),
}

const ledger: Kind = {
  id: 'ledger',
  tasks: ({ slots }) => ({
    asks: ['Enter into the ledger.', 'Book this transaction.', 'Register this movement.'],
    texts: sentences(
      [
        '{full} transferred {sum} under {file}.',
        'Under {file} the amount {sum} was credited to {full}.',
        'Received {sum}, reference {file}, signature {full}.',
        'Outstanding under {file}: {full}, {sum}.',
        'A refund of {sum} goes to {full}, see {file}.',
        'Statement {file} shows {sum} in favour of {full}.',
      ],
      privateSlots(slots),
    ),
    solve: ({ of }) => [
      ['file', of('file')],
      ['holder', of('full')],
      ['amount', of('sum')],
    ],
  }),
}

const notice: Kind = {
  id: 'notice',
  tasks: ({ slots }) => ({
    asks: [],
    texts: sentences(
      [
        ['Notify {full} that {item} was approved under {file}.', 'your {item} was approved under {file}'],
        ['Notify {full} that {item} requires {sum} in advance.', 'your {item} requires {sum} in advance'],
        ['Inform {full}: {item} postponed to {day}.', 'your {item} is postponed to {day}'],
        ['Inform {full}: dossier {file} lacks the {item}.', 'dossier {file} lacks your {item}'],
        ['Let {full} confirm the {item} before {day}.', 'kindly confirm your {item} before {day}'],
        ['Congratulate {full}: {sum} granted towards {item}.', '{sum} was granted towards your {item}'],
        ['Apologise to {full}, file {file} got mislaid.', 'regrettably file {file} got mislaid'],
        ['Warn {full}: {item} expires {day}.', 'your {item} expires {day}'],
        ['Urge {full} to settle {sum} for {item}.', 'kindly settle {sum} for your {item}'],
      ],
      privateSlots(slots),
    ),
    solve: ({ tag, of }) => [
      ['attention', of('full')],
      ['message', fill(tag, of)],
    ],
  }),
}

const sequel: Kind = {
  id: 'sequel',
  tasks: ({ slots }) => ({
    asks: ['Conclude from the sequence.', 'Determine who is meant.', 'Respond using the sequence.'],
    texts: sentences(
      [
        ['{full} precedes {full2}, {full2} precedes {full3}. Who follows {full}?', 'full2'],
        ['{full} precedes {full2}, {full2} precedes {full3}. Who follows {full2}?', 'full3'],
        ['Sequence: {full}, {full2}, {full3}. Whose turn precedes {full2}?', 'full'],
        ['Sequence: {full}, {full2}, {full3}. Whose turn precedes {full3}?', 'full2'],
        ['{full} keeps {file}, {full2} keeps {file2}. Which file belongs to {full2}?', 'file2'],
        ['{full} keeps {file}, {full2} keeps {file2}. Which file belongs to {full}?', 'file'],
      ],
      privateSlots(slots),
    ),
    solve: ({ tag, of }) => [['finding', of(tag)]],
  }),
}

const amend: Kind = {
  id: 'amend',
  tasks: ({ slots }) => ({
    asks: [],
    texts: sentences(
      [
        ['Amend {full} to {full2}: {full} signed for {sum}.', '{full2} signed for {sum}'],
        ['Amend {sum} to {sum2}: {full} granted {sum}.', '{full} granted {sum2}'],
        ['Amend {file} to {file2}: {item} recorded as {file}.', '{item} recorded as {file2}'],
        ['Amend {item} to {item2}: {full} requested {item}.', '{full} requested {item2}'],
        ['Amend {day} to {day2}: hearing of {full}, {day}.', 'hearing of {full}, {day2}'],
      ],
      privateSlots(slots),
    ),
    solve: ({ tag, of }) => [['amended', fill(tag, of)]],
  }),
}

export const heldOutKinds: readonly Kind[] = [dispatch, ledger, notice, sequel, amend]
