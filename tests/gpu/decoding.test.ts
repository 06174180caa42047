import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeGraph } from '../../src/generation/decode-graph.ts'
import { createGenerator } from '../../src/generation/generator.ts'
import { standIn } from '../../src/generation/graph-sizes.ts'
import { prefillGraph } from '../../src/generation/prefill-graph.ts'
import { createAdapter } from '../../src/lora/create.ts'
import { lower } from '../../src/onnx/lowering.ts'
import { serialize } from '../../src/onnx/model-proto.ts'
import { createSession, type Provider } from '../../src/onnx/session.ts'
import { tinyCheckpoint, tinyLora, tinyModels } from '../golden/tiny.ts'

/** The penalty keeps a random model from saying one token for ever. */
const penalised = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1.5, maxNewTokens: 24, stop: [], seed: '' }
const noText = { ends: [], stream: () => ({ push: () => '', flush: () => '' }) }
/** Prompts of several lengths; the first two of the second group begin alike, as far as a shared prefix is worth it. */
const prompt = (length: number, step: number) => Array.from({ length }, (_, i) => 3 + ((i * step + 7) % 90))
const apart = [prompt(9, 31), prompt(21, 17), prompt(4, 5)]
const together = [4, 9].map((token) => [...prompt(40, 23), token, 12])

for (const model of tinyModels) {
  test(`generate() on webgpu gives the processor's greedy tokens on tiny/${model}`, async () => {
    const checkpoint = await tinyCheckpoint(model)
    const { parameters } = createAdapter(tinyLora, checkpoint.config, 'decoding')
    const adapter = { config: tinyLora, parameters: parameters.map((x, i) => (x === 0 ? 0.1 * Math.sin(i) : x)) }
    const decode = async (device: Provider): Promise<number[][]> => {
      const generator = createGenerator(checkpoint, noText, { decode: 'f32', device, threads: 1 })
      try {
        const made = [
          await generator.generate({ prompts: apart, adapter, sampling: penalised }),
          await generator.generate({ prompts: together, sampling: { ...penalised, repetitionPenalty: 1 } }),
        ]
        return made.flat().map(({ ids }) => [...ids])
      } finally {
        await generator.close()
      }
    }
    const expected = await decode('cpu')
    assert.deepEqual(
      expected.map(({ length }) => length),
      Array(5).fill(24),
    )
    assert.ok(new Set(expected.flat()).size > 10, `too few different tokens to compare: ${expected}`)
    assert.deepEqual(await decode('webgpu'), expected)
  })
}

test('prefillGraph() and decodeGraph() leave no node to the processor on webgpu', async () => {
  const checkpoint = await tinyCheckpoint('qwen2')
  const { config, folder } = checkpoint
  const varying = { ...standIn, grouped: (config.heads / config.kvHeads) * standIn.length }
  for (const prefix of [false, true]) {
    for (const build of [prefillGraph, decodeGraph]) {
      const model = serialize(lower(build(checkpoint, { lora: tinyLora, prefix }), 'webgpu'), varying)
      // Which nodes run where is settled when a session is made.
      await (
        await createSession(model, { folder, device: 'webgpu', threads: 1, purpose: 'train', strict: true })
      ).release()
    }
  }
})
