import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { KvCache } from '../../../src/generation/kv-cache.ts'

const shape = { layers: 2, kvHeads: 2, headDim: 2 }
const parts = 2 * shape.layers * shape.kvHeads

/** Every number says whose it is: sequence, position, part (layer, k or v, head) and dimension. */
const number = (sequence: number, position: number, part: number, d: number) =>
  ((sequence * 64 + position) * parts + part) * shape.headDim + d

function made(sequence: number, from: number, count: number, length: number) {
  const data = new Float32Array(parts * length * shape.headDim).fill(-1)
  for (let part = 0; part < parts; part++)
    for (let t = 0; t < count; t++)
      for (let d = 0; d < shape.headDim; d++)
        data[(part * length + t) * shape.headDim + d] = number(sequence, from + t, part, d)
  return { data, length }
}

function check(cache: KvCache, sequences: readonly { id: number; length: number }[]): void {
  assert.deepEqual(
    cache.lengths,
    sequences.map(({ length }) => length),
  )
  const feeds = cache.feeds('own', (...dims) => dims)
  sequences.forEach(({ id, length }, row) => {
    for (let layer = 0; layer < shape.layers; layer++) {
      for (const [kind, name] of ['ownKeys', 'ownValues'].entries()) {
        const feed = feeds[`${name}.${layer}`]
        assert.deepEqual(feed?.shape, [sequences.length, shape.kvHeads, cache.size, shape.headDim])
        for (let head = 0; head < shape.kvHeads; head++)
          for (let t = 0; t < length; t++)
            for (let d = 0; d < shape.headDim; d++) {
              const at = ((row * shape.kvHeads + head) * cache.size + t) * shape.headDim + d
              assert.equal(feed?.data[at], number(id, t, (2 * layer + kind) * shape.kvHeads + head, d))
            }
      }
    }
  })
}

test('KvCache keeps what every sequence appended, through growth, removal and copies', () => {
  const action = fc.oneof(
    fc.record({ do: fc.constant('add' as const) }),
    fc.record({ do: fc.constant('remove' as const), at: fc.nat(7) }),
    fc.record({ do: fc.constant('append' as const), at: fc.nat(7), count: fc.integer({ min: 1, max: 4 }) }),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      let cache = new KvCache(shape)
      const sequences: { id: number; length: number }[] = []
      let ids = 0
      for (const act of actions) {
        if (act.do === 'add') {
          cache.reserve(sequences.length + 1, 1)
          assert.equal(cache.addRow(), sequences.length)
          sequences.push({ id: ids++, length: 0 })
        } else if (act.at >= sequences.length) cache = cache.clone()
        else if (act.do === 'remove') {
          cache.removeRow(act.at)
          const last = sequences.pop()
          if (last !== undefined && act.at < sequences.length) sequences[act.at] = last
        } else {
          const sequence = sequences[act.at] as { id: number; length: number }
          cache.reserve(sequences.length, sequence.length + act.count)
          cache.append(act.at, made(sequence.id, sequence.length, act.count, act.count + 1), 0, act.count)
          sequence.length += act.count
        }
        check(cache, sequences)
      }
    }),
    { numRuns: 50 },
  )
})
