import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import { createDraw, createNearestFirst } from '../../../src/fedpit/demonstrations.ts'
import { scriptedEngine } from './scripted-engine.ts'

const { engine } = scriptedEngine({ task: () => '', response: () => '' })
const textOf = (words: number) => new Array<string>(words).fill('word').join(' ')
const draw = (items: readonly number[], most: number, tokens: number) =>
  createDraw(items, textOf, { engine, random: createRandom('seed'), most, tokens })

test('createDraw() gives another draw each time, of `most` items', async () => {
  const { next } = await draw([1, 2, 3, 4, 5, 6, 7, 8, 9], 4, 1000)
  const draws = [1, 2, 3, 4, 5].map(() => next())
  assert.ok(draws.every((items) => new Set(items).size === 4))
  assert.ok(new Set(draws.map(String)).size > 1)
})

test('createDraw() never goes over the tokens, and passes over what does not fit', async () => {
  const { next } = await draw([50, 8, 30, 9, 200], 8, 60)
  for (let i = 0; i < 20; i++) {
    const items = next()
    const total = items.reduce((sum, length) => sum + length, 0)
    assert.ok(total <= 60 && !items.includes(200), `draw ${i}: ${items}`)
    assert.ok(total >= 47, `draw ${i} leaves room for another: ${items}`)
  }
})

test('createDraw() says which setting to change where every example is too long', async () => {
  await assert.rejects(
    draw([90, 70], 8, 60),
    /expected one of at most 60 tokens \(fedpit\.demonstrationTokens\), the shortest has 70/,
  )
})

test('createDraw() of given places takes the first that fit, in any order', async () => {
  const { next } = await draw([50, 8, 30, 9, 200, 7], 3, 60)
  const draws = Array.from({ length: 20 }, () => next([4, 2, 1, 0, 3, 5]))
  for (const items of draws) assert.deepEqual([...items].sort(), [30, 8, 9].sort())
  assert.ok(new Set(draws.map(String)).size > 1)
})

test('createNearestFirst() puts one text first, each in its turn, and then those most like it', () => {
  const texts = [
    'Name: Leo <<Harlow>>',
    'Pay 30 to Ann!',
    'Name: Ann <<Seaview>>',
    'Pay 45 to Leo!',
    'Name: Tim <<Kent>>',
  ]
  const next = createNearestFirst(texts, createRandom('themes'))
  const firsts = new Set<number>()
  for (let i = 0; i < 60; i++) {
    const places = next()
    assert.deepEqual([...places].sort(), [0, 1, 2, 3, 4])
    firsts.add(places[0] as number)
    const sort = (place: number | undefined) => (place as number) % 2
    assert.ok(
      places.slice(0, sort(places[0]) === 0 ? 3 : 2).every((place) => sort(place) === sort(places[0])),
      `${places}`,
    )
  }
  assert.equal(firsts.size, 5)
})
