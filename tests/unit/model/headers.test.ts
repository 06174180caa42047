import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { FedpitError } from '../../../src/core/errors.ts'
import { parseGguf } from '../../../src/model/gguf/read.ts'
import { headerLength, parseSafetensorsHeader } from '../../../src/model/safetensors.ts'
import { goldenFolder } from '../../golden/folder.ts'

function refusesOrReads(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof FedpitError, `expected a FedpitError, got ${error}`)
    assert.equal(error.family, 'input')
  }
}

const gguf = readFileSync(join(goldenFolder, 'blocks.gguf'))
const mutations = fc.array(fc.tuple(fc.nat(1200), fc.nat(255)), { minLength: 1, maxLength: 8 })

test('parseGguf() reads or refuses arbitrary and mutated bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) =>
      refusesOrReads(() => parseGguf(Buffer.from(bytes), bytes.length, 'x')),
    ),
  )
  fc.assert(
    fc.property(mutations, (changes) => {
      const bytes = Buffer.from(gguf)
      for (const [at, value] of changes) bytes[at] = value
      refusesOrReads(() => parseGguf(bytes, bytes.length, 'x'))
    }),
  )
})

test('parseGguf() names a truncated tensor', () => {
  assert.throws(
    () => parseGguf(gguf, gguf.length - 1000, 'x.gguf'),
    /x\.gguf: tensor .*: expected a file of at least \d+ bytes, got \d+/,
  )
})

test('safetensors headers are read or refused, whatever the bytes', () => {
  const header = JSON.stringify({ a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] } })
  assert.deepEqual(parseSafetensorsHeader(Buffer.from(header), 8 + header.length + 16, 'x')[0]?.shape, [2, 2])
  fc.assert(
    fc.property(fc.json(), (json) => refusesOrReads(() => parseSafetensorsHeader(Buffer.from(json), 1000, 'x'))),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(header.length - 1), fc.nat(255))), (changes) => {
      const bytes = Buffer.from(header)
      for (const [at, value] of changes) bytes[at] = value
      refusesOrReads(() => parseSafetensorsHeader(bytes, 8 + header.length + 16, 'x'))
    }),
  )
  const huge = Buffer.alloc(8)
  huge.writeBigUInt64LE(1n << 40n)
  assert.throws(() => headerLength(huge, 1000, 'x'), /expected a header of at most 992 bytes, got 1099511627776/)
})
