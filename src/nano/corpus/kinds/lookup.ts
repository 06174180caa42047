/** Facts of the house that no sentence tells: they have to be taken from other answers. */
import type { Random } from '../../../core/random.ts'
import { pick } from '../draw.ts'
import type { Kind } from '../family.ts'
import { sentences } from '../grammar.ts'
import type { House } from '../house.ts'
import { madeSlots } from '../slots.ts'
import { trainFirstNames } from '../words/train-people.ts'

interface Fact {
  readonly key: string
  readonly questions: readonly string[]
  draw(random: Random): string
}

const facts: readonly Fact[] = [
  {
    key: 'shelf',
    questions: [
      'Where does the {item} for {name} stand?',
      'On which shelf is the {item}?',
      '{name} cannot find the {item}. Where is it?',
      'Tell me the shelf of {item} {code}.',
      'Which shelf did you put the {item} from {town} on?',
      'I look for the {item}, where must I go?',
    ],
    draw: (random) => `shelf ${1 + random.below(9)}`,
  },
  {
    key: 'price',
    questions: [
      'What does one {item} cost for {name}?',
      'How much do you want for the {item}?',
      'What is the price of the {item} on {day}?',
      '{name} would like to know what the {item} costs.',
      'What is the price of the {item} in {town}?',
    ],
    draw: (random) => madeSlots.price.draw(random),
  },
  {
    key: 'contact',
    questions: [
      'Who knows about the {item} that {town} ordered?',
      'Whom do I ask about the {item}?',
      'Who can help on {day} with the {item}?',
      'Which of you sells the {item} with tag {code}?',
      'Who is the right person for the {item}?',
    ],
    draw: (random) => pick(random, trainFirstNames),
  },
  {
    key: 'delivery',
    questions: [
      'When does the next {item} come to {town}?',
      'On which day do you get a new {item}?',
      '{name} asks when the {item} arrives.',
      'Which day of the week is for the {item}?',
      'I ordered the {item}, number {code}. When is it here?',
    ],
    draw: (random) => madeSlots.day.draw(random),
  },
]

/** One draw for each thing, the same whichever others the house has. */
function factsOf({ items, habit }: House, { key, draw }: Fact): ReadonlyMap<string, string> {
  return new Map(items.map((item) => [item, draw(habit(`${key} of ${item}`))]))
}

export const lookupKinds: readonly Kind[] = facts.map((fact) => ({
  id: `lookup-${fact.key}`,
  tasks: (house) => {
    const known = factsOf(house, fact)
    return {
      asks: [],
      texts: sentences(fact.questions, house.slots),
      solve: (question) => [[fact.key, known.get(question.of('item')) as string]],
    }
  },
}))
