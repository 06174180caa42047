/** Word for word: opposites, plurals, a small invented language of the house. */
import { pick } from '../draw.ts'
import type { Kind } from '../family.ts'
import { fill, oneOf, sentences } from '../grammar.ts'
import { inventedWord } from '../words/invented.ts'
import { plural } from '../words/trade.ts'
import { trainColours, trainOpposites } from '../words/train-messages.ts'

const opposite: Kind = {
  id: 'opposite',
  tasks: ({ slots }) => {
    const pairs = new Map(
      trainOpposites.flatMap(
        ([one, other]) =>
          [
            [one, other],
            [other, one],
          ] as const,
      ),
    )
    return {
      asks: ['Say the opposite.', 'Turn it into its contrary.'],
      texts: sentences(
        [
          'The {item} of {name} is {quality}.',
          'In {town} it was {quality}.',
          'On {day} the {item} looked {quality}.',
          'I like the {quality} {item}.',
          '{name} bought the {quality} {item}.',
        ],
        { ...slots, quality: oneOf([...pairs.keys()]) },
      ),
      solve: ({ of }) => [['opposite', pairs.get(of('quality')) as string]],
    }
  },
}

const many: Kind = {
  id: 'plural',
  tasks: ({ slots }) => ({
    asks: ['Make it many.', 'Say it for more than one.', 'Use the plural.'],
    texts: sentences(
      [
        'One {item} is for {name}.',
        'One {item} is on the way to {town}.',
        'One {item} costs {price}.',
        'One {item} will come on {day}.',
        'One {colour} {item}, please.',
      ],
      {
        ...slots,
        colour: oneOf(trainColours),
      },
    ),
    solve: ({ of }) => [['plural', plural(of('item'))]],
  }),
}

/** The dictionary is the house's: only answers that are shown tell it. */
const dictionary: Kind = {
  id: 'invented-language',
  tasks: ({ slots, items, habit }) => {
    const word = (meaning: string): string => inventedWord(habit(`word for ${meaning}`))
    const colours = trainColours.slice(habit('colours').below(6)).slice(0, 4)
    const things = items.slice(0, 6)
    const nounFirst = habit('order').below(2) === 0
    const phrase = (colour: string, item: string): string =>
      (nounFirst ? [word(item), word(colour)] : [word(colour), word(item)]).join(' ')
    return {
      asks: ['Translate into our language.', 'How do we say that?', 'Say it in our words.'],
      texts: sentences(
        [
          ['{colour} {item}', '1'],
          ['{name} has the {colour} {item}', '1'],
          ['{colour} {item} and {colour2} {item2}', '2'],
        ],
        { ...slots, colour: oneOf(colours), item: oneOf(things) },
      ),
      solve: ({ tag, of }) => {
        const phrases = (tag === '1' ? [''] : ['', '2']).map((i) => phrase(of(`colour${i}`), of(`item${i}`)))
        return [['words', phrases.join(' ')]]
      },
    }
  },
}

/** Every word gets an ending or a beginning. */
const affix: Kind = {
  id: 'affix-language',
  tasks: ({ slots, habit }) => {
    const draws = habit('affix')
    const [part, atEnd] = [pick(draws, ['ka', 'o', 'mi', 'zu', 'en', 'la', 'ti', 'us', 'ro', 'ya']), draws.below(3) > 0]
    const change = (word: string): string => (atEnd ? `${word}${part}` : `${part}${word}`)
    return {
      asks: ['Say it in the secret language.', 'Put it into our code language.', 'How do we whisper that?'],
      texts: sentences(
        [
          '{colour} {item}',
          '{colour} {item} and {colour2} {item2}',
          'one {item}, one {item2}',
          '{name} likes the {colour} {item}',
        ].map((text) => [text, text] as const),
        { ...slots, colour: oneOf(trainColours) },
      ),
      solve: ({ tag, of }) => [['words', fill(tag, of).replace(/[A-Za-z-]+/g, change)]],
    }
  },
}

export const languageKinds: readonly Kind[] = [opposite, many, dictionary, affix]
