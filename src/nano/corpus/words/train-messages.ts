/** What people write to a house, and the words in it that tell how they mean it. */
import type { Template } from '../grammar.ts'

/** One thing each, so that it is clear what they are about. */
export const trainRequests: readonly string[] = [
  'The {item} of {name} does not work any more.',
  '{name} asks for the {item}.',
  'Something is wrong with my {item}, says {name}.',
  'Do you still have the {item}, as in {town}?',
  'I need {n} {items} for {day}.',
  'Could you look after the {item} at {time}?',
  'My {item} got lost on the way to {town}.',
  'How long does the {item} last?',
  'We have {n} {items} too many since {day}.',
  'This is about the {item}, order {code}.',
  '{name} left the {item} here on {day}.',
  'Is the {item} really {price}?',
  'Thank you for the {item}, we came from {town} for it.',
  'For {name} {n} {items}, please.',
]

export const trainMessageTypes: readonly Template[] = [
  ['Where can I find the {item} in {town}?', 'question'],
  ['How much is the {item} on {day}?', 'question'],
  ['Does {name} open before {time}?', 'question'],
  ['Do {n} {items} fit into one bag?', 'question'],
  ['Please send {n} {items} to {town}.', 'order'],
  ['{name} takes {n} {items} for {price} each.', 'order'],
  ['We order the {item} for {day}, {time}.', 'order'],
  ['Keep {n} {items} for us, says {name}.', 'order'],
  ['The {item} was broken when {name} got it.', 'complaint'],
  ['I waited until {time} and no {item} came.', 'complaint'],
  ['You took {price} too much for the {item}.', 'complaint'],
  ['Nobody in {town} wants such a bad {item}.', 'complaint'],
  ['Many thanks to {name} for the {item}.', 'thanks'],
  ['We were so happy about the {n} {items}!', 'thanks'],
  ['The help on {day} was great, {name}.', 'thanks'],
  ['What a kind team you have in {town}!', 'thanks'],
]

export const trainUrgency: Readonly<Record<string, readonly string[]>> = {
  high: ['right away', 'at once', 'within the hour', 'this very minute', 'now or never', 'as fast as you can'],
  medium: ['this week', 'in two days', 'by the weekend', 'tomorrow', 'in a few days', 'before the holiday'],
  low: ['some day', 'when you find time', 'next month', 'in spring', 'next year', 'without any hurry'],
}

export const trainFeelings: Readonly<Record<string, readonly string[]>> = {
  good: 'wonderful lovely perfect tasty charming splendid delightful superb pleasant fine'.split(' '),
  bad: 'awful dirty terrible broken ugly horrible dull nasty useless poor'.split(' '),
}

export const trainOpposites: readonly (readonly [string, string])[] = [
  ['big', 'small'],
  ['old', 'new'],
  ['hot', 'cold'],
  ['full', 'empty'],
  ['open', 'closed'],
  ['wet', 'dry'],
  ['heavy', 'light'],
  ['long', 'short'],
  ['clean', 'dirty'],
  ['cheap', 'dear'],
  ['hard', 'soft'],
  ['loud', 'quiet'],
  ['thick', 'thin'],
  ['early', 'late'],
]

export const trainColours = 'red blue green yellow white black grey brown pink orange'.split(' ')
