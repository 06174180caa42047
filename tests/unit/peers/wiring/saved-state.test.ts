import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createGlobalCodec } from '../../../../peers/wiring/global-state.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../peers/wiring/memory-store.ts'
import { loadState, saveGlobal, saveProgress } from '../../../../peers/wiring/saved-state.ts'
import { putFactors, sizeOf, takeFactors } from '../../../../src/lora/wire-state.ts'
import { tinyModel } from '../../../fixtures/tiny-config.ts'

const lora = { rank: 2, alpha: 4, targets: ['q', 'v'], rslora: false } as const
const codec = createGlobalCodec(lora, tinyModel, 'public')

const vector = fc.array(fc.float({ min: -16, max: 16, noNaN: true }), {
  minLength: codec.parameters,
  maxLength: codec.parameters,
})

test('start() is the same on every peer of a federation, and another with another seed', () => {
  const [a, b] = [codec.start(), createGlobalCodec(lora, tinyModel, 'public').start()]
  assert.equal(a.digest, b.digest)
  assert.deepEqual(a.adapter.parameters, b.adapter.parameters)
  // Of the wire state only B is part, and that is zero whatever the seed; the A factors differ.
  const other = createGlobalCodec(lora, tinyModel, 'other').start()
  assert.notDeepEqual(other.adapter.parameters, a.adapter.parameters)
})

test('decode() of what put() encoded gives the same adapter bit for bit, and its digest is that of the bytes', () => {
  fc.assert(
    fc.property(vector, (values) => {
      const state = codec.put(Float32Array.from(values))
      const again = codec.decode(state.bytes)
      assert.deepEqual(again.adapter.parameters, state.adapter.parameters)
      assert.equal(state.digest, createHash('sha256').update(state.bytes).digest('hex'))
      assert.equal(state.bytes.length, codec.size)
      assert.deepEqual(codec.put(codec.take(again.adapter)).digest, state.digest)
    }),
  )
})

test('a wire state holds B factors alone: changing every A factor changes no byte', () => {
  const { adapter } = codec.put(new Float32Array(codec.parameters).fill(0.5))
  const changed = { ...adapter, parameters: adapter.parameters.slice() }
  for (const { part, offset, size } of codec.layout.factors)
    if (part === 'A') changed.parameters.fill(7, offset, offset + size)
  assert.deepEqual(codec.take(changed), codec.take(adapter))
})

for (const [factoring, first, second] of [
  ['ffa', 'B', 'B'],
  ['alternate', 'B', 'A'],
  ['both', 'AB', 'AB'],
] as const) {
  test(`a session of ${factoring} moves ${first}, then ${second}, and nothing else of the state`, () => {
    const codec = createGlobalCodec(lora, tinyModel, 'public', { factors: factoring, outer: 'none' })
    let state = codec.start()
    for (const [i, parts] of [first, second, first].entries()) {
      const session = codec.session(i + 1)
      assert.equal(session.parts, parts)
      // What a lossy codec left unsaid of B is nothing that A lacks.
      assert.equal(session.carries, factoring !== 'alternate')
      const size = sizeOf(codec.layout, parts)
      assert.ok(size <= codec.mixed)
      const values = Float32Array.from({ length: size }, (_, k) => i + k / 1024)
      const trained = putFactors(state.adapter, codec.layout, parts, values)
      assert.deepEqual(session.take(state, trained), values)
      const next = session.put(state, values)
      assert.deepEqual(next.adapter.parameters, trained.parameters)
      assert.deepEqual(codec.decode(next.bytes), next)
      assert.equal(next.bytes.length, codec.size)
      state = next
    }
  })
}

test('a session with momentum makes (x, m, Δ) of a state, and of what was mixed of them the state that all read', () => {
  for (const factors of ['ffa', 'alternate', 'both'] as const) {
    const codec = createGlobalCodec(lora, tinyModel, 'public', { factors, outer: 'nesterov' })
    let state = codec.start()
    for (const round of [1, 2, 3]) {
      const { parts, take, put, landing } = codec.session(round)
      const size = sizeOf(codec.layout, parts)
      const before = takeFactors(state.adapter, codec.layout, parts)
      const trained = putFactors(
        state.adapter,
        codec.layout,
        parts,
        before.map((value, k) => value + k / 4096),
      )
      const triple = take(state, trained)
      assert.deepEqual([triple.length, codec.mixed >= triple.length], [3 * size, true])
      assert.deepEqual(triple.subarray(0, size), before)
      const next = put(state, triple)
      const off = takeFactors(next.adapter, codec.layout, parts).map((x, k) => Math.abs(x - (landing(triple)[k] ?? 9)))
      assert.ok(Math.max(...off) <= 2 ** -21 + 1e-7, 'on the grid')
      assert.ok(next.momentum !== undefined && next.bytes.length === codec.size)
      assert.deepEqual(codec.decode(next.bytes), next)
      state = next
    }
  }
})

test('a session of one factor refuses an adapter whose other factor is not the one that the round began with', () => {
  const other = createGlobalCodec(lora, tinyModel, 'other').start()
  for (const factoring of ['ffa', 'alternate'] as const) {
    const codec = createGlobalCodec(lora, tinyModel, 'public', { factors: factoring, outer: 'none' })
    assert.throws(() => codec.session(1).take(codec.start(), other.adapter), { code: 'lora.frozen' })
  }
  const both = createGlobalCodec(lora, tinyModel, 'public', { factors: 'both', outer: 'none' })
  assert.deepEqual(both.session(1).take(both.start(), other.adapter), other.adapter.parameters)
})

test('loadState() of an empty store is the start of the federation', async () => {
  const { completed, global } = await loadState(openMemoryStore(createMemoryDisk()), codec)
  assert.deepEqual([completed, global.digest], [0, codec.start().digest])
})

test('loadState() finds what was saved, and only the adapter that the last round ended with is kept', async () => {
  const store = openMemoryStore(createMemoryDisk())
  const [one, two] = [1, 2].map((value) => codec.put(new Float32Array(codec.parameters).fill(value)))
  assert.ok(one && two)
  for (const [i, state] of [one, two].entries()) {
    await saveGlobal(store, state)
    await saveProgress(store, i + 1, state.digest)
  }
  const found = await loadState(store, codec)
  assert.deepEqual([found.completed, found.global.digest], [2, two.digest])
  assert.equal(await store.read(`global-${one.digest}`), undefined)
})

test('a kill between any two writes leaves the round before or the round after', async () => {
  const writes = 4
  for (let killedAt = 0; killedAt <= writes; killedAt++) {
    const store = openMemoryStore(createMemoryDisk())
    const before = codec.put(new Float32Array(codec.parameters).fill(1))
    await saveGlobal(store, before)
    await saveProgress(store, 1, before.digest)
    let left = killedAt
    const dying = {
      ...store,
      write: async (key: string, value: Uint8Array) => {
        if (left-- <= 0) throw new Error('killed')
        await store.write(key, value)
      },
      remove: async (key: string) => {
        if (left-- <= 0) throw new Error('killed')
        await store.remove(key)
      },
    }
    const after = codec.put(new Float32Array(codec.parameters).fill(2))
    const life = saveGlobal(dying, after).then(() => saveProgress(dying, 2, after.digest))
    await life.catch((error: Error) => assert.equal(error.message, 'killed'))
    const { completed, global } = await loadState(store, codec)
    const expected = completed === 2 ? after.digest : before.digest
    assert.equal(global.digest, expected, `killed after ${killedAt} writes`)
    assert.ok(completed === 1 || completed === 2)
  }
})
