/** Every way of mixing through random faults, against what must hold of all. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { drawScenario } from '../../src/lab/soak/random-scenario.ts'
import { linesOf, soakIn } from '../../src/lab/soak/soak.ts'
import { casesOf } from '../fixtures/cases.ts'

const seed = 280
const names = { timing: 'rounds', factors: 'ffa', outer: 'none', codec: 'fixed', robust: 'none' } as const
const plain = { ...names, staleness: { weight: 'polynomial', bound: 2, floor: 0.1 } as const }

const mixings = [
  { factors: 'alternate', outer: 'nesterov' },
  { factors: 'svd' },
  { codec: 'top-k' },
  { robust: 'trimmed-mean' },
  { timing: 'asynchronous' },
  { factors: 'alternate' },
  { factors: 'both' },
  { outer: 'nesterov' },
  { codec: 'bf16' },
  { codec: 'int8' },
  { robust: 'clip' },
  { robust: 'median' },
  { timing: 'asynchronous', factors: 'both' },
] as const

for (const mixing of casesOf(mixings, 5)) {
  test(`mixing ${Object.values(mixing).join(' and ')}: nothing that must hold is broken by random faults`, async () => {
    const { scenario, texts } = drawScenario(`mixing ${seed}`)
    const ranks = 'factors' in mixing && mixing.factors === 'svd' ? [1, 2] : [undefined]
    const peers = scenario.peers.map(({ name }, i) => ({ name, rank: ranks[i % ranks.length] }))
    const lora = { ...scenario.lora, rank: 2 }
    const topology = 'timing' in mixing ? 'random-matching' : scenario.topology
    const own = { ...scenario, topology, peers, lora, standIn: { ...scenario.standIn, numbers: 40 } }
    const drawn = { scenario: { ...own, mixing: { ...plain, ...mixing } }, texts }
    assert.deepEqual(linesOf(await soakIn(drawn, seed, new AbortController().signal)), [])
  })
}
