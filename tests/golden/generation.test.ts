import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeStep } from '../../src/generation/decode.ts'
import { KvCache } from '../../src/generation/kv-cache.ts'
import { emptyPast, extend, prefillBatch } from '../../src/generation/prefill.ts'
import { createRotaryFeeds } from '../../src/generation/rotary-feeds.ts'
import { createSessions } from '../../src/generation/sessions.ts'
import { readSafetensors } from './safetensors.ts'
import { tinyCheckpoint, tinyFolder, tinyModels } from './tiny.ts'

/** The reference is float64. */
const tolerance = 1e-4
const checked = 8

for (const model of tinyModels) {
  test(`prefillBatch() and decodeStep() give the golden logits of tiny ${model}, with and without a prefix`, async () => {
    const checkpoint = await tinyCheckpoint(model)
    const { config } = checkpoint
    const { ids }: { ids: number[][] } = JSON.parse(readFileSync(join(tinyFolder(model), 'loss.json'), 'utf8'))
    const golden = readSafetensors(join(tinyFolder(model), 'last-8-logits.f64.safetensors')).get('logits')
    const length = ids[0]?.length ?? 0
    const sessions = createSessions(checkpoint, { device: 'cpu', threads: 1 })
    const rotary = createRotaryFeeds(config)
    const prefill = { session: (prefix: boolean) => sessions.prefill(undefined, prefix), config, rotary }
    /** `logits` [2, vocabulary] stand behind token `at` of both rows. */
    const check = (logits: Float32Array, at: number) => {
      logits.forEach((logit, i) => {
        const [row, id] = [Math.floor(i / config.vocabSize), i % config.vocabSize]
        const expected = golden?.values[(row * checked + at - (length - checked)) * config.vocabSize + id]
        const error = Math.abs(logit - (expected ?? Number.NaN))
        assert.ok(error <= tolerance, `row ${row}, token ${at}, id ${id}: expected ${expected}, got ${logit}`)
      })
    }
    try {
      for (const shared of [0, 30]) {
        // The two rows differ from the first token on, so each has a prefix, and a batch, of its own.
        const groups = shared === 0 ? [ids] : ids.map((row) => [row])
        const logits: Float32Array[][] = []
        for (const group of groups) {
          const prefix = emptyPast(config)
          if (shared > 0) {
            const { rows } = await prefillBatch(prefill, [(group[0] as number[]).slice(0, shared)], prefix)
            extend(prefix, rows, shared)
          }
          const own = new KvCache(config)
          const start = length - checked + 1
          const first = await prefillBatch(
            prefill,
            group.map((row) => row.slice(shared, start)),
            prefix,
          )
          own.reserve(group.length, start - shared)
          for (const [i] of group.entries()) own.append(own.addRow(), first.rows, i, start - shared)
          const session = await sessions.decode(undefined, shared > 0)
          const steps = [first.logits]
          for (let at = start; at < length; at++) {
            const tokens = group.map((row) => row[at] as number)
            steps.push(await decodeStep({ session, rotary, ...(shared > 0 && { prefix }) }, own, tokens, 'logits'))
          }
          logits.push(steps)
        }
        for (let step = 0; step < checked; step++) {
          const rows = logits.flatMap((steps) => [...(steps[step] as Float32Array)])
          check(Float32Array.from(rows), length - checked + step)
        }
      }
    } finally {
      await sessions.close()
    }
  })
}
