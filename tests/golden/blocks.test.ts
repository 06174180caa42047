import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { dequantise } from '../../src/model/gguf/dequantise.ts'
import { readGguf } from '../../src/model/gguf/read.ts'
import { readSafetensorsHeader } from '../../src/model/safetensors.ts'
import { goldenFolder } from './folder.ts'

test('dequantise() gives the reference values for every block format', async () => {
  const gguf = await readGguf(join(goldenFolder, 'blocks.gguf'))
  const path = join(goldenFolder, 'blocks.safetensors')
  const file = readFileSync(path)
  for (const { name, offset, bytes } of await readSafetensorsHeader(path)) {
    const tensor = [...gguf.tensors.values()].find(({ format }) => format.toLowerCase() === name)
    assert.ok(tensor, `a tensor of format ${name}`)
    const actual = await dequantise(gguf, tensor)
    const expected = new Float32Array(file.buffer.slice(file.byteOffset + offset, file.byteOffset + offset + bytes))
    assert.equal(actual.length, expected.length, name)
    // `===` and not deepEqual: the sign of a zero does not matter.
    const differing = expected.findIndex((value, i) => value !== actual[i])
    assert.equal(differing, -1, `${name}: first difference at ${differing}`)
  }
})
