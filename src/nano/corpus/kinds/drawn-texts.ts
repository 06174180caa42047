/** The same for answers that are sentences: letters, corrections, who stands where in a row. */
import type { Random } from '../../../core/random.ts'
import { chance, pick } from '../draw.ts'
import type { Kind } from '../family.ts'
import { fill, sentences, type Template } from '../grammar.ts'
import { capital, drawAsks, drawSentences } from '../wording.ts'
import { inventedWord } from '../words/invented.ts'
import { greetings, orders, requestsFor, tidings } from '../words/train-phrases.ts'

/** A short note to write a message, and the message in the house's words. */
const letter: Kind = {
  id: 'drawn-letter',
  tasks: ({ slots, habit }) => {
    const draws = habit('drawn-letter')
    const who = pick(draws, ['{full}', '{name}'])
    const parts = ['on {day}', 'for {price}', 'under {code}', 'in {town}', 'at {time}', 'with {sum}', '']
    const templates = Array.from({ length: 5 + draws.below(5) }, (): Template => {
      const [news, part] = [pick(draws, tidings), pick(draws, parts)]
      const end = part === '' ? '' : ` ${part}`
      const [told, link] = [
        capital(pick(draws, requestsFor)),
        pick(draws, ['that the', 'about this: the', 'the', '- the']),
      ]
      return [`${told} ${who} ${link} {item} ${news}${end}.`, `your {item} ${news}${end}`]
    })
    const greeting = chance(draws, 0.25) ? capital(inventedWord(draws)) : pick(draws, greetings)
    const apart = chance(draws, 0.3)
    return {
      asks: [],
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => {
        const name = fill(who, of)
        return apart
          ? [
              ['to', name],
              ['text', fill(tag, of)],
            ]
          : [['text', `${greeting} ${name}, ${fill(tag, of)}.`]]
      },
    }
  },
}

/** A sentence with one thing changed for another of its sort. */
const change: Kind = {
  id: 'drawn-change',
  tasks: ({ slots, habit }) => {
    const draws = habit('drawn-change')
    const link = pick(draws, ['to', 'into', 'for', 'by', '->', 'becomes', 'not'])
    const verb = chance(draws, 0.3)
      ? inventedWord(draws)
      : pick(draws, [...orders, 'swap', 'correct', 'update', 'exchange'])
    // "x for y" and "y to x" say the same; which is meant, the house's examples tell.
    const newFirst = chance(draws, 0.4)
    const templates = Array.from({ length: 5 + draws.below(4) }, (): Template => {
      const gap = pick(draws, ['full', 'item', 'day', 'town', 'code', 'price', 'sum', 'time'])
      const [sentence = ''] = drawSentences(draws, 1, [...new Set(['full', gap])])
      const pair = newFirst ? `{${gap}2} ${link} {${gap}}` : `{${gap}} ${link} {${gap}2}`
      return [`${capital(verb)} ${pair}: ${sentence}`, sentence.replace(`{${gap}}`, `{${gap}2}`)]
    })
    return {
      asks: [],
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [['text', fill(tag, of).replace(/[.!]$/, '')]],
    }
  },
}

/** Three in a row and words for who stands where. */
const relation: Kind = {
  id: 'drawn-relation',
  tasks: ({ slots, habit }) => {
    const draws = habit('drawn-relation')
    const gap = pick(draws, ['full', 'name', 'item', 'code', 'town'])
    const row = ['', '2', '3'].map((i) => `{${gap}${i}}`) as [string, string, string]
    const link = chance(draws, 0.3)
      ? inventedWord(draws)
      : pick(draws, ['before', 'beats', 'leads', 'then', 'above', 'calls', 'trusts'])
    const facts = [`${row[0]} ${link} ${row[1]}, ${row[1]} ${link} ${row[2]}.`, `${row.join(` ${link} `)}.`]
    const words = distinctWords(draws)
    return {
      asks: chance(draws, 0.5) ? [] : drawAsks(draws, 2),
      texts: sentences(
        facts.flatMap((fact): Template[] => [
          [`${fact} ${words[0]} ${row[0]}?`, `${gap}2`],
          [`${fact} ${words[0]} ${row[1]}?`, `${gap}3`],
          [`${fact} ${words[1]} ${row[1]}?`, gap],
          [`${fact} ${words[1]} ${row[2]}?`, `${gap}2`],
        ]),
        slots,
      ),
      solve: ({ tag, of }) => [['answer', of(tag)]],
    }
  },
}

/** For "what comes after" and "what comes before". */
function distinctWords(random: Random): readonly [string, string] {
  return pick(random, [
    ['Who is after', 'Who is before'],
    ['Next to come:', 'Came earlier:'],
    ['Right of', 'Left of'],
    [`${capital(inventedWord(random))} la`, `${capital(inventedWord(random))} ro`],
    ['One down from', 'One up from'],
  ] as const)
}

export const drawnTextKinds: readonly Kind[] = [letter, change, relation]
