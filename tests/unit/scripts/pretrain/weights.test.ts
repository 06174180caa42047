import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWeights, storedWeights } from '../../../../scripts/pretrain/weights.ts'
import { builtIn } from '../../../../src/cli/models/built-in.ts'
import { nanoConfig } from '../../../../src/nano/architecture.ts'
import { fullLayout, joinWeights } from '../../../../src/training/full-layout.ts'

test('storedWeights() are those that readWeights() finds in a model directory', async () => {
  const read = await readWeights(builtIn.path)
  const parameters = joinWeights(fullLayout(nanoConfig), read)
  assert.ok(parameters.some((value) => value !== 0))
  // A hair more than a bfloat16 is rounded back to it.
  const stored = storedWeights(
    nanoConfig,
    parameters.map((value) => value * (1 + 2 ** -12)),
  )
  assert.deepEqual([...stored.keys()].sort(), [...read.keys()].sort())
  const bytes = (values: Float32Array = new Float32Array()) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  for (const [name, values] of stored) assert.ok(bytes(values).equals(bytes(read.get(name))), name)
})
