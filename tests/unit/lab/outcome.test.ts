import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent } from '../../../peers/events.ts'
import { agreed, outcomesOf, spansOf } from '../../../src/lab/outcome.ts'
import { outcomeTable } from '../../../src/lab/table.ts'
import { eventsOf } from './events.ts'

test('outcomesOf() reads every figure of a run off its events', () => {
  const [outcome] = outcomesOf(eventsOf('ada', 'aa'))
  const { history, ...rest } = outcome ?? assert.fail('no outcome')
  assert.deepEqual(rest, {
    name: 'ada',
    digest: 'aa',
    heldOut: {
      base: { loss: 3, rougeL: 0.1 },
      global: { loss: 2.5, rougeL: 0.2 },
      local: { loss: 2, rougeL: 0.3 },
    },
    examples: { private: 12, generated: 10, kept: 4, rejected: { similar: 5, format: 1 } },
    bytes: { sent: 1000, received: 2000 },
    seconds: { joining: 1, generating: 2, training: 2, averaging: 1.5, evaluating: 1, idle: 0.5, leaving: 0 },
    stopped: 'done',
  })
  assert.equal(history.length, 3)
})

test('outcomesOf() adds up the lives of a peer that was killed, and the time it was away is nobody’s', () => {
  const first = eventsOf('ada', 'aa').filter(({ at }) => at <= 4000)
  first.push({ at: 4500, peer: 'key-ada', name: 'ada', type: 'traffic', sent: 10, received: 20 })
  const [outcome] = outcomesOf([...first, ...eventsOf('ada', 'bb', 100_000)])
  assert.deepEqual(outcome?.bytes, { sent: 1010, received: 2020 })
  assert.equal(outcome?.seconds['training'], 1.5 + 2)
  assert.equal(outcome?.examples.generated, 20)
  assert.equal(outcome?.digest, 'bb')
})

test('outcomesOf() knows why a peer ended, whatever befell its machine afterwards', () => {
  const fault = (at: number, fault: string) =>
    ({ at, peer: 'key-ada', name: 'ada', type: 'fault', fault, detail: '' }) as const
  const events = [...eventsOf('ada', 'aa'), fault(9000, 'partition'), fault(9500, 'disk-full')]
  assert.equal(outcomesOf(events)[0]?.stopped, 'done')
})

test('agreed() is true of one digest alone', () => {
  const run = (a: string, b: string) => agreed(outcomesOf([...eventsOf('ada', a), ...eventsOf('bob', b)]))
  assert.equal(run('aa', 'aa'), true)
  assert.equal(run('aa', 'bb'), false)
  assert.equal(agreed([]), false)
})

test('spansOf() ends the last phase of a killed peer when it was last heard', () => {
  const events: PeerEvent[] = eventsOf('ada', 'aa').filter(({ at }) => at <= 4000)
  assert.deepEqual(spansOf(events).at(-1), { phase: 'training', round: 1, from: 3000, to: 4000 })
})

test('outcomeTable() has a line for each peer and a dash for what is not known', () => {
  const killed = eventsOf('bob', 'aa').filter(({ at }) => at <= 4000)
  const lines = outcomeTable(outcomesOf([...eventsOf('ada', 'aa'), ...killed])).split('\n')
  assert.equal(lines.length, 4)
  assert.match(lines[2] ?? '', /^ada +3\.000 +2\.500 +2\.000 .* 4\/10 /)
  assert.match(lines[3] ?? '', /^bob +- +- +- /)
  assert.equal(new Set(lines.map(({ length }) => length)).size, 1, 'columns line up')
})

test('outcomesOf() of adapters that were cut: what both cuts left out, of the last round, and a column of it', () => {
  const cut = (round: number, rank: number, discarded: number) =>
    ({ at: 10 + round, peer: 'aa', name: 'ada', type: 'truncated', round, rank, discarded }) as const
  const told = [...eventsOf('ada', 'aa'), cut(1, 8, 0.9), cut(1, 4, 0.9), cut(2, 8, 0.6), cut(2, 4, 0.5)]
  const [outcome] = outcomesOf(told)
  // Of the whole, 0.64 of the squares are left, and then three quarters of those.
  assert.equal(outcome?.truncated?.rank, 4)
  assert.ok(Math.abs((outcome?.truncated?.discarded ?? 0) - Math.sqrt(1 - 0.64 * 0.75)) < 1e-12)
  assert.match(outcomeTable([outcome as NonNullable<typeof outcome>]), /rank.*\n.*discarded.*\n.* 4 +72\.1 %/)
})
