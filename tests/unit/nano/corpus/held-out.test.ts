/** Nothing held out is in a training document, nor in an exercise. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { trainingDocument } from '../../../../src/nano/corpus/documents.ts'
import { answerExercise, listExercise } from '../../../../src/nano/corpus/exercise.ts'
import { families } from '../../../../src/nano/corpus/families.ts'
import { heldOutHouses } from '../../../../src/nano/corpus/held-out-houses.ts'
import { heldOutKinds } from '../../../../src/nano/corpus/kinds/held-out.ts'
import type { Lesson } from '../../../../src/nano/corpus/lessons.ts'
import { textOf } from '../../../../src/nano/corpus/shapes.ts'
import {
  heldOutFirstNames,
  heldOutLastNames,
  heldOutPaces,
  heldOutTrades,
} from '../../../../src/nano/corpus/words/held-out-trades.ts'
import { itemsOf } from '../../../../src/nano/corpus/words/trade.ts'

const draw = (lesson: Lesson, count: number): string[] =>
  Array.from({ length: count }, (_, i) => textOf(trainingDocument(createRandom(`held out ${i}`), lesson)).toLowerCase())
const texts = [
  ...draw('all', 4000),
  ...draw('wide', 2000),
  ...draw('broad', 2000),
  ...draw('belong', 1000),
  ...draw('stride', 2000),
  ...draw('pieces', 1000),
  ...[listExercise, answerExercise].flatMap((exercise) =>
    Array.from({ length: 1000 }, (_, i) => exercise(createRandom(`held out ${i}`)).prompt.toLowerCase()),
  ),
]
const wordsIn = (text: string): string[] => text.toLowerCase().match(/\p{L}+/gu) ?? []
const trainWords = new Set(texts.flatMap(wordsIn))

test('trainingDocument: each held-out thing, team, trade and pace has a word that no document has', () => {
  const phrases = [
    ...heldOutTrades.flatMap((trade) => [trade.id, trade.role, ...itemsOf(trade), ...trade.teams.keys()]),
    ...Object.entries(heldOutPaces).flatMap(([pace, wordings]) => [pace, ...wordings]),
  ]
  assert.ok(phrases.length > 90)
  assert.deepEqual(
    phrases.filter((phrase) => wordsIn(phrase).every((word) => trainWords.has(word))),
    [],
  )
})

test('trainingDocument: no document has the signs of a held-out layout', () => {
  const signs = [' // elmwood', '<<', '>>', ' & ', ' ~~ ', '", filed', '(elm hill)']
  const bare = texts.map((text) => text.replaceAll(/<\|im_(?:start|end)\|>/g, ''))
  assert.deepEqual(
    signs.filter((sign) => bare.some((text) => text.includes(sign))),
    [],
  )
})

test('trainingDocument: no document names a held-out person', () => {
  assert.deepEqual(
    [...heldOutFirstNames, ...heldOutLastNames].filter((name) => trainWords.has(name.toLowerCase())),
    [],
  )
})

test('trainingDocument: no document asks what held-out families ask', () => {
  const asks = heldOutHouses.flatMap((house) => heldOutKinds.flatMap((kind) => kind.tasks(house).asks))
  assert.equal(new Set(asks).size, 12)
  assert.deepEqual(
    asks.filter((ask) => texts.some((text) => text.includes(ask.toLowerCase()))),
    [],
  )
})

test('trainingDocument: every held-out task has words, besides names and things, that no document has', () => {
  const listed = new Set(
    [
      ...heldOutFirstNames,
      ...heldOutLastNames,
      ...heldOutTrades.flatMap(itemsOf),
      ...Object.values(heldOutPaces).flat(),
    ]
      .flatMap(wordsIn)
      .concat(heldOutTrades.flatMap(({ id, role }) => wordsIn(`${id} ${role}`))),
  )
  for (const family of families.filter(({ split }) => split === 'heldOut')) {
    const random = createRandom(family.id)
    for (let i = 0; i < 50; i++) {
      const { instruction, input = '' } = family.make(random)
      const unseen = wordsIn(`${instruction} ${input}`).filter((word) => !trainWords.has(word) && !listed.has(word))
      assert.ok(unseen.length > 0, `${family.id}: ${instruction} ${input}`)
    }
  }
})

test('trainingDocument: its words are many', () => {
  // A word in one document alone is mostly one of an invented language.
  const documents = new Map<string, number>()
  for (const word of texts.flatMap((text) => [...new Set(wordsIn(text))])) {
    documents.set(word, (documents.get(word) ?? 0) + 1)
  }
  const common = [...documents.values()].filter((count) => count >= 10).length
  assert.ok(common > 1000, `${common} words`)
})
