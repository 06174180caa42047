import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createGenerator } from '../../src/generation/generator.ts'
import { emptyPast, prefillBatch } from '../../src/generation/prefill.ts'
import type { Sampling, TokenText } from '../../src/generation/request.ts'
import { createRotaryFeeds } from '../../src/generation/rotary-feeds.ts'
import { createSessions } from '../../src/generation/sessions.ts'
import type { Adapter } from '../../src/lora/adapter.ts'
import { readPeftAdapter } from '../../src/lora/peft.ts'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import { skipReason, smollm2, smollm2Golden } from './smollm2.ts'

const read = (name: string) => JSON.parse(readFileSync(join(String(smollm2Golden), name), 'utf8'))
const text: TokenText = { ends: [2], stream: () => ({ push: (id) => `${id} `, flush: () => '' }) }
const greedy: Sampling = {
  ...{ temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 48, stop: [], seed: '' },
}

async function adapterOf(checkpoint: Checkpoint, name: string): Promise<Adapter | undefined> {
  return name === '' ? undefined : readPeftAdapter(join(String(smollm2Golden), name), checkpoint.config)
}

for (const [name, maxNewTokens] of [
  ['', 48],
  ['adapter-qv8', 32],
] as const) {
  const title = name || 'the base model'

  test(
    `generate() gives the golden greedy tokens of ${title}, together and one by one`,
    {
      skip: skipReason,
    },
    async () => {
      const checkpoint = await smollm2()
      const adapter = await adapterOf(checkpoint, name)
      const { cases }: { cases: { ids: number[]; new: number[] }[] } = read(join(name, 'greedy.json'))
      const generator = createGenerator(checkpoint, text, { decode: 'f32', device: 'cpu', threads: 2 })
      const sampling = { ...greedy, maxNewTokens }
      const given = { sampling, ...(adapter && { adapter }) }
      try {
        const together = await generator.generate({ ...given, prompts: cases.map(({ ids }) => ids) })
        for (const [i, { ids, new: expected }] of cases.entries()) {
          assert.deepEqual(together[i]?.ids, expected, `case ${i} in the batch`)
          if (i >= 3) continue
          const [alone] = await generator.generate({ ...given, prompts: [ids] })
          assert.deepEqual(alone?.ids, expected, `case ${i} alone`)
        }
        // The first cases begin with the same system message, which is then computed once.
        const chats = cases.slice(0, 4)
        const shared = await generator.generate({ ...given, prompts: chats.map(({ ids }) => ids) })
        for (const [i, { new: expected }] of chats.entries())
          assert.deepEqual(shared[i]?.ids, expected, `case ${i} behind a shared prefix`)
      } finally {
        await generator.close()
      }
    },
  )

  test(`prefillBatch() gives the golden logits of ${title}`, { skip: skipReason }, async () => {
    const checkpoint = await smollm2()
    const { config } = checkpoint
    const adapter = await adapterOf(checkpoint, name)
    const sessions = createSessions(checkpoint, { device: 'cpu', threads: 2 })
    try {
      const session = (prefix: boolean) => sessions.prefill(adapter?.config, prefix)
      const model = { session, config, rotary: createRotaryFeeds(config), ...(adapter && { adapter }) }
      const { cases }: { cases: { ids: number[]; last_logsumexp: number; last_top: [number, number][] }[] } = read(
        join(name, 'logits.json'),
      )
      for (const { ids, last_top: top, last_logsumexp: expected } of cases) {
        const { logits } = await prefillBatch(model, [ids], emptyPast(config))
        for (const [id, logit] of top)
          assert.ok(Math.abs((logits[id] as number) - logit) <= 1e-3, `token ${id}: golden ${logit}, got ${logits[id]}`)
        const greatest = logits.reduce((a, b) => Math.max(a, b))
        const sum = logits.reduce((total, logit) => total + Math.exp(logit - greatest), 0)
        assert.ok(Math.abs(greatest + Math.log(sum) - expected) <= 1e-3)
      }
    } finally {
      await sessions.close()
    }
  })
}
