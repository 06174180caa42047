import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createAdapter } from '../../../src/lora/create.ts'
import { adapterLayout } from '../../../src/lora/layout.ts'
import type { Checkpoint } from '../../../src/model/checkpoint.ts'
import { lower } from '../../../src/onnx/lowering.ts'
import { serialize } from '../../../src/onnx/model-proto.ts'
import { createSession, type Feed } from '../../../src/onnx/session.ts'
import type { Batch } from '../../../src/training/batch.ts'
import { trainGraph } from '../../../src/training/graph.ts'
import { createTrainStep, type TrainStep, type TrainStepOptions } from '../../../src/training/train-step.ts'
import { readSafetensors } from '../../golden/safetensors.ts'
import { relativeError, tinyCheckpoint, tinyLora } from '../../golden/tiny.ts'

const checkpoint = await tinyCheckpoint('llama')
const parameters = createAdapter(tinyLora, checkpoint.config, 'seed').parameters.map((x, i) => x + 0.1 * Math.sin(i))
const options = { trainable: 'AB', dropout: 0, device: 'cpu', threads: 1 } as const

function batchOf(batch: number, length: number, rows: number): Batch {
  return {
    batch,
    length,
    rows,
    tokens: Int32Array.from({ length: batch * length }, (_, i) => (i * 31) % 97),
    labels: Int32Array.from({ length: rows }, (_, i) => (i * 17) % 97),
    positions: Int32Array.from({ length: rows }, (_, i) => batch * length - 1 - i),
    weights: new Float32Array(rows).fill(1 / rows),
  }
}

async function using<T>(
  given: Partial<TrainStepOptions>,
  use: (steps: TrainStep) => Promise<T>,
  model: Checkpoint = checkpoint,
): Promise<T> {
  const steps = createTrainStep(model, tinyLora, { ...options, ...given })
  try {
    return await use(steps)
  } finally {
    await steps.release()
  }
}

for (const frozen of ['A', 'B'] as const) {
  const trainable = frozen === 'A' ? 'B' : 'A'
  test(`TrainStep.step() with ${trainable} alone gives that part of the whole gradient`, async () => {
    const batch = batchOf(2, 8, 5)
    const whole = await using({}, (steps) => steps.step(batch, parameters))
    const part = await using({ trainable }, (steps) => steps.step(batch, parameters))
    const expected = adapterLayout(tinyLora, checkpoint.config)
      .factors.filter(({ part }) => part === trainable)
      .flatMap(({ offset, size }) => Array.from(whole.gradient.subarray(offset, offset + size)))
    assert.equal(part.gradient.length, expected.length)
    assert.ok(relativeError(part.gradient, expected) <= 1e-6)
    assert.equal(part.loss, whole.loss)
  })
}

test('TrainStep.step() adds up over batches, so that accumulation is exact', async () => {
  const both = batchOf(2, 8, 6)
  const weights = (keep: (i: number) => boolean) => both.weights.map((weight, i) => (keep(i) ? weight : 0))
  await using({}, async (steps) => {
    const whole = await steps.step(both, parameters)
    const even = await steps.step({ ...both, weights: weights((i) => i % 2 === 0) }, parameters)
    const odd = await steps.step({ ...both, weights: weights((i) => i % 2 === 1) }, parameters)
    assert.ok(Math.abs(even.loss + odd.loss - whole.loss) <= 1e-6 * whole.loss)
    const sum = even.gradient.map((x, i) => x + (odd.gradient[i] as number))
    assert.ok(relativeError(sum, whole.gradient) <= 1e-5)
  })
})

test('TrainStep.step() refuses a parameter vector of another length', () =>
  using({}, (steps) =>
    assert.rejects(steps.step(batchOf(1, 4, 2), parameters.subarray(1)), { code: 'train.parameters', family: 'input' }),
  ))

test('TrainStep.score() gives a loss for each labelled row, and their weighted sum is the loss of step()', async () => {
  const batch = batchOf(2, 8, 5)
  await using({}, async (steps) => {
    const { loss } = await steps.step(batch, parameters)
    const losses = await steps.score(batch, parameters)
    assert.equal(losses.length, 5)
    assert.ok(Math.abs(losses.reduce((sum, x) => sum + x / 5, 0) - loss) <= 1e-5)
    const untouched = await steps.score(batch, new Float32Array(parameters.length))
    assert.ok(relativeError(await steps.score(batch), untouched) <= 1e-5)
  })
})

test('TrainStep.step() draws dropout masks from the seed alone, and refuses to draw without one', async () => {
  const batch = batchOf(2, 8, 5)
  await using({ dropout: 0.5 }, async (steps) => {
    const first = await steps.step(batch, parameters, 'one')
    assert.deepEqual(await steps.step(batch, parameters, 'one'), first)
    assert.notEqual((await steps.step(batch, parameters, 'two')).loss, first.loss)
    await assert.rejects(steps.step(batch, parameters), { code: 'train.dropout-seed' })
  })
  assert.throws(() => createTrainStep(checkpoint, tinyLora, { ...options, dropout: 1 }), { code: 'train.dropout' })
})

test("createTrainStep() of all weights refuses dropout, which is an adapter's", () => {
  assert.throws(() => createTrainStep(checkpoint, 'full', { ...options, dropout: 0.1 }), { code: 'train.dropout' })
})

test('trainGraph() scales what dropout keeps by 1 / (1 - rate), and drops the adapter path alone', async () => {
  const batch = batchOf(1, 8, 5)
  const masked = async (dropout: number, alpha: number, kept: 0 | 1) => {
    const graph = trainGraph(checkpoint, { ...tinyLora, alpha }, batch, { trainable: 'AB', dropout })
    const session = await createSession(serialize(lower(graph, 'cpu')), {
      ...options,
      folder: checkpoint.folder,
      purpose: 'train',
    })
    const data = { ...batch, parameters } as const
    const feeds = graph.inputs.map(({ name, type, shape }) => {
      const given = name.startsWith('dropout.')
        ? new Uint8Array(shape.reduce((a, b) => a * b)).fill(kept)
        : data[name as 'tokens' | 'labels' | 'weights' | 'positions' | 'parameters']
      return [name, { type, shape, data: given } as Feed]
    })
    const { loss } = await session.run(Object.fromEntries(feeds), ['loss'])
    await session.release()
    return Number(loss?.[0])
  }
  assert.ok(Math.abs((await masked(0.25, 6, 1)) - (await masked(0, 8, 1))) <= 1e-5)
  const base = await using({}, (steps) => steps.score(batch))
  assert.ok(Math.abs((await masked(0.25, 6, 0)) - base.reduce((sum, x) => sum + x / 5, 0)) <= 1e-5)
})

test('TrainStep.step() gives the same from bfloat16 weights as from their float32 values', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-bf16-'))
  try {
    const stored = readSafetensors(join(checkpoint.folder, 'model.safetensors'))
    const names = [...stored.keys()]
    const halves = names.map((name) => {
      const words = new Uint32Array(Float32Array.from(stored.get(name)?.values ?? []).buffer)
      return Uint16Array.from(words, (word) => word >>> 16)
    })
    const wholes = halves.map((half) => Uint32Array.from(half, (bits) => bits * 65536))
    await writeFile(join(folder, 'bf16'), Buffer.concat(halves.map((part) => new Uint8Array(part.buffer))))
    await writeFile(join(folder, 'f32'), Buffer.concat(wholes.map((part) => new Uint8Array(part.buffer))))
    const located = (type: 'bf16' | 'f32', size: number): Checkpoint => {
      let offset = 0
      const weights = names.map((name) => {
        const shape = stored.get(name)?.shape ?? []
        const bytes = size * shape.reduce((a, b) => a * b)
        offset += bytes
        return [name, { type, shape, file: type, offset: offset - bytes, bytes }] as const
      })
      return { ...checkpoint, folder, weights: new Map(weights) }
    }
    const batch = batchOf(2, 8, 5)
    const step = (model: Checkpoint) => using({}, (steps) => steps.step(batch, parameters), model)
    const [half, whole] = [await step(located('bf16', 2)), await step(located('f32', 4))]
    assert.ok(Math.abs(half.loss - whole.loss) <= 1e-6)
    assert.ok(relativeError(half.gradient, whole.gradient) <= 1e-5)
  } finally {
    await rm(folder, { recursive: true })
  }
})
