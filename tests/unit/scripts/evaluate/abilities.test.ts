import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accuracy, accuracyShares, continuation, continuationShares } from '../../../../scripts/evaluate/abilities.ts'
import type { Asked } from '../../../../scripts/evaluate/ask.ts'
import { createRandom } from '../../../../src/core/random.ts'
import { families } from '../../../../src/nano/corpus/families.ts'

const heldOut = families.filter(({ split }) => split === 'heldOut')

/** Writes `text(prompt)` after each prompt. */
const writer = (text: (prompt: string) => string): Asked => ({
  generate: async ({ prompts }) =>
    prompts.map((prompt) => ({ text: text(String(prompt)), tokens: 1, finish: 'stop' as const })),
})

test('continuation() counts tasks that the grammar reads, and not those of the list nor any others', async () => {
  const family = heldOut.find(({ varies }) => varies === 'instruction') as (typeof heldOut)[number]
  const random = createRandom('new tasks')
  const run = async (engine: Asked) =>
    continuationShares(await continuation(engine, [family], 20, createRandom('lists')))
  const fresh = await run(writer(() => ` ${family.make(random).instruction}`))
  assert.ok(fresh.valid > 0.5, `${fresh.valid}`)
  const copied = await run(writer((prompt) => ` ${/Task 3: (.*)/.exec(prompt)?.[1]}`))
  assert.deepEqual(copied, { valid: 0, copied: 1, tries: 20 })
  const nonsense = await run(writer(() => ' Something else altogether, at noon'))
  assert.deepEqual(nonsense, { valid: 0, copied: 0, tries: 20 })
})

test('accuracy() is 1 for who knows the answers, and 0 with no demonstrations for who copies the last one', async () => {
  // Houses answer some tasks alike but for their layout: an oracle must know where it is.
  const own = heldOut.filter(({ trade }) => trade === 'bank')
  const answers = writer((prompt) => {
    const [, instruction = '', input] = /Task: ([^\n]*)(?:\nInput: ([^\n]*))?\n$/.exec(prompt) ?? []
    const task = input === undefined ? { instruction } : { instruction, input }
    return `Output: ${own.map((family) => family.answer(task)).find((answer) => answer !== undefined)}`
  })
  const run = (engine: Asked) => accuracy(engine, own, 2, createRandom('a'))
  const all = await run(answers)
  assert.deepEqual(accuracyShares(all), { shots0: 1, shots8: 1 })
  assert.deepEqual(
    all.map(({ kind }) => kind),
    own.flatMap(({ kind }) => [kind, kind]),
  )
  const copier = writer((prompt) => `Output: ${/.*Output: ([^\n]*)/s.exec(prompt)?.[1] ?? ''}`)
  const { shots0, shots8 } = accuracyShares(await run(copier))
  assert.equal(shots0, 0)
  assert.ok(shots8 < 1, `${shots8}`)
})
