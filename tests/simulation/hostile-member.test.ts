/** Whole federations in virtual time, of which one member sends bad updates in good form. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { PeerEvent } from '../../peers/events.ts'
import type { PeerLife } from '../../peers/peer-life.ts'
import { parseYaml } from '../../src/lab/read-yaml.ts'
import { distanceOf } from '../../src/lab/simulation/quadratic.ts'
import { simulationSchema } from '../../src/lab/simulation/scenario.ts'
import { simulate } from '../../src/lab/simulation/simulate.ts'
import { asGlobal } from '../../src/lora/adapter.ts'

const text = `
name: hostile
rounds: 4
seed: hostile
standIn: { numbers: 32, flow: 2 }
deadlines: { join: 60, ready: 120, average: 60, pull: 30, round: 240, leave: 240 }
`

/** A life that says `times` its update instead of its update. */
const lying = (life: PeerLife, times: number): PeerLife => ({
  ...life,
  learning: {
    ...life.learning,
    async train(input, ...rest) {
      const trained = await life.learning.train(input, ...rest)
      const { config, parameters } = trained.global
      const base = input.global.parameters
      const said = parameters.map((value, i) => (base[i] ?? 0) + times * (value - (base[i] ?? 0)))
      return { ...trained, global: asGlobal({ config, parameters: said }) }
    },
  },
})

/** A life that says, while all train, that it holds the result of their round. */
const boasting = (life: PeerLife): PeerLife => ({
  ...life,
  learning: {
    ...life.learning,
    async train(input, ...rest) {
      const what = { bytes: 4, examples: 5, metrics: {} }
      await life.network.announce({ type: 'update', round: input.round, digest: 'b'.repeat(64), ...what })
      return life.learning.train(input, ...rest)
    },
  },
})

/** A federation whose first member is no honest one; what the others end with. */
async function run(peers: readonly string[], robust: string, dishonest: (life: PeerLife) => PeerLife) {
  const named = `peers: [${peers.map((name) => `{ name: ${name} }`).join(', ')}]`
  const scenario = parseYaml(`${text}${named}\nmixing: { robust: ${robust} }\n`, 'test.yaml', simulationSchema)
  const events: PeerEvent[] = []
  const ends = new Map<string, Float32Array>()
  const equip = (life: PeerLife): PeerLife => {
    const keep: PeerLife['keep'] = async (name, adapter) => {
      if (name === 'global') ends.set(life.name, life.codec.take(asGlobal(adapter)))
      await life.keep(name, adapter)
    }
    return life.name === 'peer-1' ? dishonest({ ...life, keep }) : { ...life, keep }
  }
  const observer = { publish: (event: PeerEvent) => void events.push(event), onProgress: () => {} }
  const { sessions } = await simulate(scenario, observer, new AbortController().signal, { equip })
  const agreed = new Set([...ends.values()].map(String)).size === 1
  return { end: ends.get('peer-2') as Float32Array, sessions, events, agreed }
}

const names = Array.from({ length: 8 }, (_, i) => `peer-${i + 1}`)
const honest = names.slice(1)

/** How far the honest members end from where they end alone, as a share of how far that lies from the start. */
async function missed(robust: string, times: number) {
  const alone = (await run(honest, robust === 'none' ? 'none' : 'clip', (life) => life)).end
  const ran = await run(names, robust, (life) => lying(life, times))
  return { ...ran, distance: distanceOf(ran.end, alone) / distanceOf(alone, new Float32Array(alone.length)) }
}

test('simulate() with a member that turns its update round and enlarges it: a robust rule keeps harm away', async (t) => {
  const none = await missed('none', -4)
  // What is left of it. These peers have little in common, so that a median is far from a mean without any attack.
  const shares = { clip: 0.5, 'trimmed-mean': 0.8, median: 0.9 }
  for (const [robust, share] of Object.entries(shares)) {
    const { distance, sessions, agreed } = await missed(robust, -4)
    t.diagnostic(`${robust}: ${distance.toFixed(3)}, none: ${none.distance.toFixed(3)}`)
    assert.ok(agreed)
    // What is gathered has no sum to keep.
    assert.equal(sessions.filter(({ sumKept, results }) => sumKept && results === 1).length, robust === 'clip' ? 4 : 0)
    assert.ok(distance < share * none.distance, `${robust}: ${distance} against ${none.distance}`)
  }
})

test('simulate() with a member whose update is twelve times too long: the norm gate takes nothing of it, and says so', async () => {
  const { distance, sessions, events } = await missed('none', 12)
  assert.ok(distance < 0.2, String(distance))
  assert.ok(sessions.every(({ sumKept }) => sumKept))
  const gated = events.flatMap((event) => (event.type === 'warning' ? [`${event.name} ${event.code}`] : []))
  assert.deepEqual(gated, Array(4).fill('peer-1 averaging.gated'))
})

for (const robust of ['none', 'median']) {
  test(`simulate() of ${robust} with a member that says it has the result of a round that all train for: they mix all the same`, async () => {
    const { agreed, events } = await run(names, robust, boasting)
    const mixed = events.flatMap((event) => (event.type === 'averaged' ? [event.peers] : []))
    assert.deepEqual([agreed, mixed], [true, Array(8 * 4).fill(8)])
    assert.ok(!events.some(({ type }) => type === 'pulled'))
  })
}
