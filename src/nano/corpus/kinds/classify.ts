/** Put a message into one of a few groups: by what it is about, how soon, in which mood, for which purpose. */
import type { Kind } from '../family.ts'
import { oneOf, sentences, type Template } from '../grammar.ts'
import { trainFeelings, trainMessageTypes, trainRequests, trainUrgency } from '../words/train-messages.ts'

/** Which list a word stands in. */
function groupOf(word: string, groups: Readonly<Record<string, readonly string[]>>): string {
  const found = Object.entries(groups).find(([, words]) => words.includes(word))
  if (found === undefined) throw new RangeError(`Cannot group "${word}": it stands in no list`)
  return found[0]
}

const team: Kind = {
  id: 'team',
  tasks: ({ slots, trade, teamOf, relabel }) => {
    const labels = relabel([...trade.teams.keys()])
    // The tag names the gap, because a plural stands in another one.
    const requests = trainRequests.map((text): Template => [text, text.includes('{items}') ? 'items' : 'item'])
    return {
      asks: [
        `Which team of the ${trade.id} takes this?`,
        `Send this ${trade.role} to the right team.`,
        'Who looks after that?',
      ],
      texts: sentences(requests, slots),
      solve: (request) => [['team', labels.get(teamOf(request.of(request.tag))) as string]],
    }
  },
}

const urgency: Kind = {
  id: 'urgency',
  tasks: ({ slots, relabel }) => {
    const labels = relabel(Object.keys(trainUrgency))
    return {
      asks: ['How urgent is this?', 'Give it a rank.', 'How soon must we act?'],
      texts: sentences(
        [
          '{name} wants the {item} repaired {soon}.',
          'Please bring {n} {items} {soon}.',
          'Call {name} in {town} back {soon}.',
          'We have to change the {item} {soon}, thinks {name}.',
          'I would like to see the {item} {soon}.',
          'Somebody should go to {town} for {n} {items} {soon}.',
          'The {item} for {price} is needed {soon}.',
          'Tell {name} {soon} what happened on {day}.',
        ],
        { ...slots, soon: oneOf(Object.values(trainUrgency).flat()) },
      ),
      solve: (message) => [['urgency', labels.get(groupOf(message.of('soon'), trainUrgency)) as string]],
    }
  },
}

const feeling: Kind = {
  id: 'feeling',
  tasks: ({ slots, trade, relabel }) => {
    const labels = relabel(Object.keys(trainFeelings))
    return {
      asks: [`Was this ${trade.role} happy?`, 'What is the mood of this line?', 'Sort this review.'],
      texts: sentences(
        [
          'The {item} was {feeling}, and I told {name}.',
          '{name} from {town} thinks that your {item} is {feeling}.',
          'On {day} we got the {feeling} {item} for {name}!',
          'I paid {price} for this {feeling} {item}.',
          'They sent {n} {items}, all of them {feeling}.',
          'After {time} the service by {name} was {feeling}.',
          'On {day} everything here looked {feeling} to {name}.',
        ],
        { ...slots, feeling: oneOf(Object.values(trainFeelings).flat()) },
      ),
      solve: (review) => [['mood', labels.get(groupOf(review.of('feeling'), trainFeelings)) as string]],
    }
  },
}

const purpose: Kind = {
  id: 'purpose',
  tasks: ({ slots, relabel }) => {
    const labels = relabel(['question', 'order', 'complaint', 'thanks'])
    return {
      asks: ['What kind of message is this?', 'Which pile does it go on?', 'Is it a question, an order or what?'],
      texts: sentences(trainMessageTypes, slots),
      solve: ({ tag }) => [['kind', labels.get(tag) as string]],
    }
  },
}

export const classifyKinds: readonly Kind[] = [team, urgency, feeling, purpose]
