/** Answer from the sentence itself: who has what, whether it says so, what becomes of it after a change. */
import type { Kind } from '../family.ts'
import { fill, sentences } from '../grammar.ts'

const whoHas: Kind = {
  id: 'who-has',
  tasks: ({ slots }) => ({
    asks: ['Answer from the text.', 'Read this and answer.', 'The text tells it.'],
    texts: sentences(
      [
        ['{name} has the {item}, {name2} has the {item2}. Who has the {item}?', 'name'],
        ['{name} has the {item}, {name2} has the {item2}. Who has the {item2}?', 'name2'],
        ['{name} lives in {town} and {name2} in {town2}. Who lives in {town2}?', 'name2'],
        ['{name} lives in {town} and {name2} in {town2}. Where does {name} live?', 'town'],
        ['The {item} comes on {day}, the {item2} on {day2}. When is the {item2} here?', 'day2'],
        ['The {item} comes on {day}, the {item2} on {day2}. What comes on {day}?', 'item'],
        ['{name} starts at {time}, {name2} at {time2}. Who starts at {time2}?', 'name2'],
        ['{name} starts at {time}, {name2} at {time2}. When does {name} start?', 'time'],
      ],
      slots,
    ),
    solve: (question) => [['answer', question.of(question.tag)]],
  }),
}

const yesOrNo: Kind = {
  id: 'yes-or-no',
  tasks: ({ slots, relabel }) => {
    const labels = relabel(['yes', 'no'])
    return {
      asks: ['Is that right?', 'Check this.', 'True or not?'],
      texts: sentences(
        [
          ['{name} bought the {item}. So {name} has the {item} now.', 'yes'],
          ['{name} bought the {item}. So {name} has the {item2} now.', 'no'],
          ['We open at {time} on {day}. The door opens on {day} at {time}.', 'yes'],
          ['We open at {time} on {day}. The door opens on {day} at {time2}.', 'no'],
          ['They took {n} {items} to {town}. The {items} are in {town}.', 'yes'],
          ['They took {n} {items} to {town}. The {items} are in {town2}.', 'no'],
          ['{code} is the number of {name}. {name} has {code}.', 'yes'],
          ['{code} is the number of {name}. {name2} has {code}.', 'no'],
        ],
        slots,
      ),
      solve: ({ tag }) => [['right', labels.get(tag) as string]],
    }
  },
}

const replace: Kind = {
  id: 'replace',
  tasks: ({ slots }) => ({
    asks: [],
    texts: sentences(
      [
        ['Put {name2} for {name}: {name} takes the {item} on {day}.', '{name2} takes the {item} on {day}.'],
        ['Put {item2} for {item}: {name} gets the {item} at {time}.', '{name} gets the {item2} at {time}.'],
        ['Put {town2} for {town}: Our {item} goes to {town} by train.', 'Our {item} goes to {town2} by train.'],
        ['Change {day} into {day2}: On {day} {name} brings {n} {items}.', 'On {day2} {name} brings {n} {items}.'],
        ['Change {price} into {price2}: {name} owes us {price}.', '{name} owes us {price2}.'],
        ['Change {code} into {code2}: {item} {code} is for {name}.', '{item} {code2} is for {name}.'],
      ],
      slots,
    ),
    solve: (task) => [['text', fill(task.tag, task.of)]],
  }),
}

const messages: Kind = {
  id: 'polite',
  tasks: ({ slots, trade, habit }) => {
    const habits = habit('polite')
    const greeting = ['Dear', 'Hello', 'Good day', 'Hi'][habits.below(4)]
    const closing = ['', ' Thank you.', ` Your ${trade.id}.`, ' Kind regards.', ' See you soon.'][habits.below(5)]
    return {
      asks: [],
      texts: sentences(
        [
          ['Tell {name} that the {item} is ready at {time}.', 'your {item} is ready at {time}.'],
          ['Tell {name} that we have no {item} until {day}.', 'we are sorry, we have no {item} until {day}.'],
          ['Ask {name} to bring {n} {items}.', 'please bring {n} {items}.'],
          ['Ask {name} to come to {town} by {time}.', 'please come to {town} by {time}.'],
          ['Remind {name} of the {item} and the {price} for it.', 'please think of the {item} and the {price} for it.'],
          ['Invite {name} to see the {item} on {day}.', 'we would like to show you the {item} on {day}.'],
          ['Thank {name} for the {item} from {town}.', 'many thanks for the {item} from {town}.'],
          ['Say to {name} that {code} is closed.', 'we have closed {code} for you.'],
        ],
        slots,
      ),
      solve: (task) => [['text', `${greeting} ${task.of('name')}, ${fill(task.tag, task.of)}${closing}`]],
    }
  },
}

export const readKinds: readonly Kind[] = [whoHas, yesOrNo, replace, messages]
