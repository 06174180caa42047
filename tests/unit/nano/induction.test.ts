import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import { nanoConfig } from '../../../src/nano/architecture.ts'
import { layInduction } from '../../../src/nano/induction.ts'
import { newWeights } from '../../../src/nano/new-model.ts'
import { fullLayout, joinWeights } from '../../../src/training/full-layout.ts'
import { createTrainStep } from '../../../src/training/train-step.ts'

/** Rows of `period` random tokens said twice. */
function said(period: number, rows: number) {
  const random = createRandom('said')
  const texts = Array.from({ length: rows }, () => {
    const once = Array.from({ length: period }, () => 3 + random.below(nanoConfig.vocabSize - 3))
    return [...once, ...once]
  })
  const length = 2 * period - 1
  const rowCount = rows * length
  return {
    batch: rows,
    length,
    rows: rowCount,
    tokens: Int32Array.from(texts.flatMap((text) => text.slice(0, -1))),
    labels: Int32Array.from(texts.flatMap((text) => text.slice(1))),
    weights: new Float32Array(rowCount).fill(1 / rowCount),
    positions: Int32Array.from({ length: rowCount }, (_, i) => i),
  }
}

test('layInduction() makes untrained weights repeat what was said before, and know nothing else', async () => {
  const weights = newWeights(nanoConfig, 'test')
  layInduction(nanoConfig, weights)
  const parameters = joinWeights(fullLayout(nanoConfig), weights)
  const steps = createTrainStep({ config: nanoConfig, folder: '.', weights: new Map() }, 'full', {
    device: 'cpu',
    threads: 2,
  })
  try {
    for (const period of [24, 100]) {
      const batch = said(period, 4)
      const losses = await steps.score(batch, parameters)
      const mean = (again: boolean) => {
        const part = losses.filter((_, i) => i % batch.length >= period === again)
        return part.reduce((sum, loss) => sum + loss, 0) / part.length
      }
      const evenly = Math.log(nanoConfig.vocabSize)
      assert.ok(mean(false) > 0.95 * evenly, `first time, period ${period}: ${mean(false)} nats`)
      assert.ok(mean(true) < 0.5 * evenly, `second time, period ${period}: ${mean(true)} nats`)
    }
  } finally {
    await steps.release()
  }
})

test('layInduction() leaves the layers after the second as they were', () => {
  const [plain, laid] = [newWeights(nanoConfig, 'test'), newWeights(nanoConfig, 'test')]
  layInduction(nanoConfig, laid)
  const changed = [...plain].flatMap(([name, values]) =>
    Buffer.from(values.buffer).equals(Buffer.from((laid.get(name) as Float32Array).buffer)) ? [] : [name],
  )
  const attention = [0, 1].flatMap((layer) =>
    ['q', 'k', 'v', 'o'].map((part) => `model.layers.${layer}.self_attn.${part}_proj.weight`),
  )
  assert.deepEqual(changed.sort(), ['model.embed_tokens.weight', ...attention].sort())
})
