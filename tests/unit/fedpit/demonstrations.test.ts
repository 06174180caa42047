import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import { createDraw } from '../../../src/fedpit/demonstrations.ts'
import { scriptedEngine } from './scripted-engine.ts'

const { engine } = scriptedEngine({ task: () => '', response: () => '' })
const textOf = (words: number) => new Array<string>(words).fill('word').join(' ')
const draw = (items: readonly number[], most: number, tokens: number) =>
  createDraw(items, textOf, { engine, random: createRandom('seed'), most, tokens })

test('createDraw() gives another draw each time, of `most` items', async () => {
  const next = await draw([1, 2, 3, 4, 5, 6, 7, 8, 9], 4, 1000)
  const draws = [1, 2, 3, 4, 5].map(() => next())
  assert.ok(draws.every((items) => new Set(items).size === 4))
  assert.ok(new Set(draws.map(String)).size > 1)
})

test('createDraw() never goes over the tokens, and passes over what does not fit', async () => {
  const next = await draw([50, 8, 30, 9, 200], 8, 60)
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
