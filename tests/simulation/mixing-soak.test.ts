/** Every way of mixing through random faults, against what must hold of all. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { PeerEvent } from '../../peers/events.ts'
import { figuresOf } from '../../src/lab/simulation/figures.ts'
import type { SimulationScenario } from '../../src/lab/simulation/scenario.ts'
import { simulate } from '../../src/lab/simulation/simulate.ts'
import { plantCanaries } from '../../src/lab/soak/canaries.ts'
import { drawScenario, faultsEnd, slowest } from '../../src/lab/soak/random-scenario.ts'
import { violations } from '../../src/lab/soak/violations.ts'

const seeds = [1, 2, 3, 4]

async function wrongIn(scenario: SimulationScenario, seed: string): Promise<string[]> {
  const canaries = plantCanaries(seed)
  const events: PeerEvent[] = []
  const observer = { publish: (event: PeerEvent) => void events.push(event), onProgress: () => {} }
  const simulation = await simulate(scenario, observer, new AbortController().signal, { equip: canaries.plant })
  const figures = figuresOf(scenario, simulation, events)
  return violations({ scenario, figures, events, leaks: canaries.found(), calmFrom: faultsEnd, slowest })
}

for (const mixing of [
  { factors: 'alternate', outer: 'none' },
  { factors: 'both', outer: 'none' },
  { factors: 'ffa', outer: 'nesterov' },
  { factors: 'alternate', outer: 'nesterov' },
  { factors: 'svd', outer: 'none' },
] as const) {
  test(`mixing ${mixing.factors} with outer ${mixing.outer}: nothing that must hold is broken by random faults`, async () => {
    for (const seed of seeds) {
      const drawn = drawScenario(`mixing ${seed}`)
      const ranks = drawn.peers.map((peer, i) => ({ ...peer, rank: 1 + (i % 2) }))
      const other = mixing.factors === 'svd' ? { peers: ranks, lora: { ...drawn.lora, rank: 2 } } : {}
      const scenario = { ...drawn, ...other, mixing: { ...drawn.mixing, ...mixing } }
      assert.deepEqual(await wrongIn(scenario, String(seed)), [], `seed ${seed}`)
    }
  })
}
