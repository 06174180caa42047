/** A peer stays a good neighbour while its engine works. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createFederation, hanging, plan, startPeer } from './federation.ts'
import { pingWhileTraining, tellPings } from './pings.ts'

/** Milliseconds. */
const promised = 200

test(`a peer answers pings within ${promised} ms while its engine trains`, { timeout: hanging }, async (t) => {
  const federation = await createFederation(['ada'])
  t.after(() => federation.remove())
  // Long examples in large batches: several pings fit into a step.
  const words = ' river stone lamp chair paper garden window letter'.repeat(24)
  const examples = Array.from({ length: 30 }, (_, i) => ({ instruction: ' river'.repeat(i + 1), response: words }))
  await writeFile(federation.data('ada'), examples.map((example) => `${JSON.stringify(example)}\n`).join(''))
  const training = { epochs: 1000, batchSize: 24, maxTokens: 256 }
  const fedpit = { ...plan.fedpit, candidates: 1, keep: 1, demonstrations: 1, triesPerCandidate: 1, training }
  const ada = await startPeer(federation, 'ada', { peers: 1, join: [], fedpit })
  t.after(async () => {
    ada.kill()
    await ada.ended
  })
  const pings = await pingWhileTraining(ada, 8)
  t.diagnostic(tellPings(pings))
  assert.ok(pings.times.length > 2 * pings.steps, `more than one ping is answered in a step: ${tellPings(pings)}`)
  // The test's own process has to be scheduled too: one ping in twenty may be late on a busy machine.
  assert.ok(pings.ofTwenty <= promised, tellPings(pings))
})
