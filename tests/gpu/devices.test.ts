import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TrainOptions } from '../../src/engine/contract.ts'
import { chooseDevice } from '../../src/engine/devices/choose.ts'
import { gradientError } from '../../src/engine/devices/gradient-check.ts'
import { machineChecks } from '../../src/engine/devices/machine-checks.ts'
import { createLocalEngine } from '../../src/engine/local-engine.ts'
import { composites } from '../../src/onnx/lowering-composites.ts'
import { webgpu } from '../../src/onnx/lowering-webgpu.ts'
import { writeTinyModel } from '../fixtures/tiny-model.ts'
import { tinyLora } from '../golden/tiny.ts'

const samples = [' river stone lamp', ' paper garden window'].map((prompt) => ({ prompt, response: ' copper valley' }))
const training: TrainOptions = {
  epochs: 10,
  batchSize: 2,
  accumulate: 1,
  maxTokens: 32,
  learningRate: 0.05,
  warmupSteps: 0,
  schedule: 'constant',
  weightDecay: 0,
  clipNorm: 1,
  dropout: 0,
  trainable: 'AB',
  seed: 'seed',
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-gpu-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test("chooseDevice() refuses webgpu with the figure where norms are ONNX Runtime's, as the processor has them", (t) =>
  inFolder(async (folder) => {
    const { SimplifiedLayerNormalization: _, ...rest } = webgpu
    const figure = await gradientError('webgpu', folder, { ...composites, ...rest })
    t.diagnostic(`gradients with ONNX Runtime's norm: relative error ${figure.toPrecision(2)}`)
    assert.ok(!(figure <= 0.1), `expected garbage, got gradients with a relative error of ${figure}`)
    const misled = { ...machineChecks(folder), gradientError: async () => figure }
    await assert.rejects(chooseDevice('webgpu', misled), {
      code: 'device.refused',
      message: /webgpu: its gradients differ from the processor's by (NaN|Infinity|[\d.e+]+), more than 0\.001/,
    })
  }))

test('An engine on webgpu trains after its check has passed, and remembers the figure', () =>
  inFolder(async (folder) => {
    const [model, cacheFolder] = [join(folder, 'model'), join(folder, 'cache')]
    await writeTinyModel(model)
    const checks = machineChecks(cacheFolder)
    const engine = createLocalEngine({ cacheFolder, checks })
    try {
      const info = await engine.open({ path: model, device: 'webgpu', decode: 'f32', threads: 1 })
      assert.deepEqual([info.device, info.refused], ['webgpu', []])
      const remembered = (await readdir(join(cacheFolder, 'devices'))).filter((name) => name.startsWith('webgpu-'))
      assert.equal(remembered.length, 1, remembered.join(' '))
      const file = join(cacheFolder, 'devices', remembered[0] as string)
      const figure = Number(await readFile(file, 'utf8'))
      assert.ok(figure > 0 && figure <= 1e-4, `figure ${figure}`)

      const init = await engine.createAdapter(tinyLora, 'seed')
      const { losses } = await engine.train({ samples, init, options: training })
      assert.ok((losses.at(-1) as number) < 0.8 * (losses[0] as number), `losses ${losses}`)

      // Another figure in the file shows whether the second opening measures again: it must not.
      await writeFile(file, '0.5')
      await assert.rejects(engine.open({ path: model, device: 'webgpu', decode: 'f32', threads: 1 }), {
        code: 'device.refused',
        message: /by 0\.500, more than/,
      })
    } finally {
      await engine.close()
    }
  }))
