/** What our engine reads from a model directory behind the last token of each row. */
import type { TestContext } from 'node:test'
import { emptyPast, prefillBatch } from '../../src/generation/prefill.ts'
import { createRotaryFeeds } from '../../src/generation/rotary-feeds.ts'
import { createSessions } from '../../src/generation/sessions.ts'
import { openCheckpoint } from '../../src/model/open.ts'

/** [rows × vocabulary], row by row. */
export async function lastLogits(
  t: TestContext,
  path: string,
  cacheFolder: string,
  rows: readonly number[][],
): Promise<Float32Array[]> {
  const checkpoint = await openCheckpoint(path, cacheFolder)
  const { config } = checkpoint
  const sessions = createSessions(checkpoint, { device: 'cpu', threads: 1 })
  t.after(() => sessions.close())
  const parts = {
    session: (prefix: boolean) => sessions.prefill(undefined, prefix),
    config,
    rotary: createRotaryFeeds(config),
  }
  const read: Float32Array[] = []
  for (const ids of rows) {
    const { logits } = await prefillBatch(parts, [ids], emptyPast(config))
    read.push(Float32Array.from(logits))
  }
  return read
}
