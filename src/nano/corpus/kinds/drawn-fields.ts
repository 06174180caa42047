/** Kinds whose very sentences belong to the house: without its examples nobody could know what is wanted. */
import type { Random } from '../../../core/random.ts'
import { chance, pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Fields } from '../format.ts'
import { oneOf, sentences } from '../grammar.ts'
import { drawAsks, drawSentences } from '../wording.ts'
import { manners } from '../words/train-phrases.ts'

const gapNames: Readonly<Record<string, string>> = { full: 'name' }
const fieldOf = (gap: string, value: string): Fields[number] => [gapNames[gap] ?? gap, value]
const openGaps = ['full', 'item', 'day', 'town', 'code', 'price', 'time', 'sum', 'date']

/** One to three things out of a sentence, in the house's order. */
const record: Kind = {
  id: 'drawn-record',
  tasks: ({ slots, habit }) => {
    const draws = habit('drawn-record')
    const gaps = sample(draws, openGaps, 1 + draws.below(3))
    return {
      asks: drawAsks(draws, 1 + draws.below(3)),
      texts: sentences(drawSentences(draws, 4 + draws.below(7), gaps), slots),
      solve: ({ of }) => gaps.map((gap) => fieldOf(gap, of(gap))),
    }
  },
}

/** Phrases of how something was done, each in a group that the house has made up. */
function drawGroups(random: Random, labels: readonly string[]): ReadonlyMap<string, string> {
  const phrases = sample(random, manners, labels.length * (2 + random.below(2)))
  return new Map(phrases.map((phrase, i) => [phrase, labels[i % labels.length] as string]))
}

const groupNames: readonly (readonly string[])[] = [
  ['one', 'two', 'three'],
  ['first class', 'second class'],
  ['stop', 'wait', 'go'],
  ['front', 'middle', 'rear'],
  ['soft', 'hard'],
  ['plain', 'fancy', 'odd'],
]

/** The group of a phrase, here and there with something out of the sentence. */
const group: Kind = {
  id: 'drawn-group',
  tasks: ({ slots, habit, relabel }) => {
    const draws = habit('drawn-group')
    const groups = drawGroups(draws, [...relabel(pick(draws, groupNames)).values()])
    const gaps = chance(draws, 0.5) ? [] : sample(draws, ['full', 'item', 'code', 'town', 'sum'], 1)
    const groupFirst = chance(draws, 0.5)
    return {
      asks: drawAsks(draws, 1 + draws.below(3)),
      texts: sentences(drawSentences(draws, 4 + draws.below(7), gaps, '{manner}'), {
        ...slots,
        manner: oneOf([...groups.keys()]),
      }),
      solve: ({ of }) => {
        const found: Fields[number] = ['group', groups.get(of('manner')) as string]
        const copied = gaps.map((gap) => fieldOf(gap, of(gap)))
        return groupFirst ? [found, ...copied] : [...copied, found]
      },
    }
  },
}

/** The team of a thing together with the group of a phrase. */
const teamAndGroup: Kind = {
  id: 'drawn-team-group',
  tasks: ({ slots, habit, trade, relabel, teamOf }) => {
    const draws = habit('drawn-team-group')
    const teams = relabel([...trade.teams.keys()])
    const groups = drawGroups(draws, pick(draws, groupNames))
    return {
      asks: drawAsks(draws, 1 + draws.below(3)),
      texts: sentences(drawSentences(draws, 5 + draws.below(6), [], '{manner}'), {
        ...slots,
        manner: oneOf([...groups.keys()]),
      }),
      solve: ({ of }) => [
        ['team', teams.get(teamOf(of('item'))) as string],
        ['group', groups.get(of('manner')) as string],
      ],
    }
  },
}

export const drawnFieldKinds: readonly Kind[] = [record, group, teamAndGroup]
