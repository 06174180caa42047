/** Nothing held out is in a training document. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { trainingDocument } from '../../../../src/nano/corpus/documents.ts'
import { heldOutHouses } from '../../../../src/nano/corpus/held-out-houses.ts'
import { heldOutKinds } from '../../../../src/nano/corpus/kinds/held-out.ts'
import {
  heldOutFirstNames,
  heldOutLastNames,
  heldOutPaces,
  heldOutTrades,
} from '../../../../src/nano/corpus/words/held-out-trades.ts'
import { itemsOf } from '../../../../src/nano/corpus/words/trade.ts'

const texts = Array.from({ length: 4000 }, (_, i) => trainingDocument(createRandom(`held out ${i}`)).toLowerCase())
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

test('trainingDocument: its words are many', () => {
  // Without names of the invented languages, which have no end.
  const listed = [...trainWords].filter((word) => texts.filter((text) => text.includes(word)).length > 5)
  assert.ok(listed.length > 800, `${listed.length} words`)
})
