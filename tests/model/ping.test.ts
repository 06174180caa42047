/** A peer stays a good neighbour while its engine trains the real model on all cores, from one adapter to the next. */
import assert from 'node:assert/strict'
import { copyFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createFederation, hanging, startPeer } from '../e2e/federation.ts'
import { pingWhileTraining, tellPings } from '../e2e/pings.ts'
import { modelAbsent, modelPath } from '../golden/model-path.ts'

/** Milliseconds. */
const promised = 200

test(
  `a peer answers pings within ${promised} ms while its engine trains SmolLM2`,
  { skip: modelAbsent, timeout: hanging },
  async (t) => {
    const federation = await createFederation(['school'])
    t.after(() => federation.remove())
    await copyFile('src/lab/examples/school.jsonl', federation.data('school'))
    // The scorer has 16 steps, the other adapters follow: the pings see what happens between two trainings too.
    const training = { epochs: 2, batchSize: 4, maxTokens: 192 }
    const fedpit = { candidates: 1, keep: 1, triesPerCandidate: 1, attempts: 1, responseTokens: 8, training }
    const settings = { peers: 1, join: [], model: modelPath, fedpit, engine: { device: 'cpu', threads: 0 } }
    // What the engine keeps of the real model is kept where it always is.
    const school = await startPeer({ ...federation, env: process.env }, 'school', settings)
    t.after(async () => {
      school.kill()
      await school.ended
    })
    const pings = await pingWhileTraining(school, 20)
    t.diagnostic(tellPings(pings))
    const trained = new Set(school.events.flatMap((event) => (event.type === 'step' ? [event.adapter] : [])))
    assert.ok(trained.size > 1, `one adapter after the other is trained, got ${[...trained]}`)
    assert.ok(pings.times.length > 2 * pings.steps, `more than one ping is answered in a step: ${tellPings(pings)}`)
    // The test's own process has to be scheduled too: one ping in twenty may be late on a busy machine.
    assert.ok(pings.ofTwenty <= promised, tellPings(pings))
  },
)
