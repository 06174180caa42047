/** Random scenarios against what must hold whatever fails; `npm run soak` runs as many as one likes. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { PeerEvent } from '../../peers/events.ts'
import { figuresOf } from '../../src/lab/simulation/figures.ts'
import { drawScenario, violations } from '../../src/lab/simulation/random-scenario.ts'
import { simulate } from '../../src/lab/simulation/simulate.ts'

async function run(seed: string) {
  const events: PeerEvent[] = []
  const observer = { publish: (event: PeerEvent) => void events.push(event), onProgress: () => {} }
  const scenario = drawScenario(seed)
  const simulation = await simulate(scenario, observer, new AbortController().signal)
  return { scenario, figures: figuresOf(scenario, simulation, events) }
}

test('thirty random scenarios: sums are kept, all come to their end in time, and end with one adapter', async () => {
  let faults = 0
  for (let seed = 1; seed <= 30; seed++) {
    const { scenario, figures } = await run(String(seed))
    assert.deepEqual(violations(figures), [], `npm run soak -- --from ${seed} --seeds 1`)
    faults += scenario.script.length + (scenario.churn === undefined ? 0 : 1)
  }
  assert.ok(faults > 30, `${faults} faults in all`)
})

test('violations() names a sum that moved, a peer that never ended, and adapters that differ', async () => {
  const { figures } = await run('1')
  const sessions = figures.sessions.map((session) => ({ ...session, sumKept: false }))
  const wrong = violations({ ...figures, sessions, unfinished: ['peer-1'], agreed: false })
  assert.deepEqual(
    ['The sum moved', 'peer-1 did not', 'Peers that did'].map((text) => wrong.filter((w) => w.startsWith(text)).length),
    [sessions.length, 1, 1],
  )
})
