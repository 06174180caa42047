import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { learnMerges, type Pair } from '../../../../src/nano/tokenizer/merges.ts'

type Counted = readonly [symbols: readonly number[], count: number]

const learn = (words: readonly Counted[], firstId: number, wanted: number): Pair[] =>
  learnMerges(
    words.map(([symbols, count]) => ({ symbols, count })),
    firstId,
    wanted,
  )

/** The definition, word for word: count all pairs anew before every merge. */
function learnPlainly(words: readonly Counted[], firstId: number, wanted: number) {
  let current = words.map(([symbols, count]) => ({ symbols: [...symbols], count }))
  const merges: Pair[] = []
  const frequencies: number[] = []
  while (merges.length < wanted) {
    const found = new Map<string, { pair: Pair; count: number }>()
    for (const { symbols, count } of current) {
      for (let i = 0; i + 1 < symbols.length; i++) {
        const pair = [symbols[i] as number, symbols[i + 1] as number] as const
        found.set(pair.join(), { pair, count: (found.get(pair.join())?.count ?? 0) + count })
      }
    }
    const [best] = [...found.values()].sort(
      (a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1],
    )
    if (best === undefined) break
    const id = firstId + merges.length
    current = current.map(({ symbols, count }) => {
      const rest = [...symbols]
      for (let i = 0; i + 1 < rest.length; i++) {
        if (rest[i] === best.pair[0] && rest[i + 1] === best.pair[1]) rest.splice(i, 2, id)
      }
      return { symbols: rest, count }
    })
    merges.push(best.pair)
    frequencies.push(best.count)
  }
  return { merges, frequencies }
}

test('learnMerges() takes the most frequent pair first, and makes larger symbols of smaller ones', () => {
  // "low" 5, "lower" 2, "newest" 6, "widest" 3: the example of Sennrich et al., section 3.2, without ends of words.
  const letters = 'deilnorstw'
  const word = (text: string, count: number): Counted => [[...text].map((letter) => letters.indexOf(letter)), count]
  const merges = learn([word('low', 5), word('lower', 2), word('newest', 6), word('widest', 3)], 10, 5)
  const texts = [...letters]
  for (const [left, right] of merges) texts.push(`${texts[left]}${texts[right]}`)
  // es 9, then (t after es) 9, then lo 7 before ow 7 by the smaller id, low 7, then ew 6 as the smallest left id of 6.
  assert.deepEqual(texts.slice(10), ['es', 'est', 'lo', 'low', 'ew'])
})

test('learnMerges() counts overlapping pairs and merges them from left to right', () => {
  assert.deepEqual(learn([[[0, 0, 0], 1]], 1, 5), [
    [0, 0],
    [1, 0],
  ])
})

test('learnMerges() stops where no pair is left', () => {
  assert.deepEqual(learn([[[0], 9]], 1, 3), [])
  assert.deepEqual(learn([], 1, 3), [])
  assert.deepEqual(learn([[[0, 1], 1]], 2, 3), [[0, 1]])
})

test('learnMerges() keeps to the definition, falls in frequency, and never makes a text twice', () => {
  const words = fc.array(fc.tuple(fc.array(fc.nat(2), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 })))
  fc.assert(
    fc.property(words, fc.nat(30), (counted, wanted) => {
      const { merges, frequencies } = learnPlainly(counted, 3, wanted)
      assert.deepEqual(learn(counted, 3, wanted), merges)
      assert.deepEqual(
        frequencies,
        [...frequencies].sort((a, b) => b - a),
      )
      const texts = ['a', 'b', 'c']
      for (const [left, right] of merges) texts.push(`${texts[left]}${texts[right]}`)
      assert.equal(new Set(texts).size, texts.length)
    }),
    { numRuns: 300 },
  )
})
