/** Random scenarios against what must hold whatever fails; `npm run soak` runs as many as one likes. */
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  decodeLedgerRecord,
  encodeLedgerRecord,
  type LedgerRecord,
} from '../../peers/behaviour/averaging/journal-record.ts'
import type { PeerLife } from '../../peers/peer-life.ts'
import { sha256 } from '../../src/averaging/digest.ts'
import { decodeState, encodeState, numbersIn } from '../../src/averaging/state-bytes.ts'
import { type SimulationScenario, simulationSchema } from '../../src/lab/simulation/scenario.ts'
import { privateKey } from '../../src/lab/soak/canaries.ts'
import { type DrawnScenario, drawScenario } from '../../src/lab/soak/random-scenario.ts'
import { linesOf, soak, soakIn } from '../../src/lab/soak/soak.ts'
import { asGlobal } from '../../src/lora/adapter.ts'
import { putFactors, takeFactors } from '../../src/lora/wire-state.ts'
import { casesOf } from '../fixtures/cases.ts'

const signal = new AbortController().signal

const seeds = casesOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 5)

test(`soak() of ${seeds.length} seeds: sums are kept, nothing private leaves, all end in time and with one adapter`, async () => {
  const totals = { faults: 0, sessions: 0, searchedBytes: 0 }
  for (const seed of seeds) {
    const soaked = await soak(seed, signal)
    assert.deepEqual(linesOf(soaked), [])
    for (const key of ['faults', 'sessions', 'searchedBytes'] as const) totals[key] += soaked[key] / seeds.length
  }
  assert.ok(totals.faults > 4 && totals.sessions > 2 && totals.searchedBytes > 7e4, JSON.stringify(totals))
})

/** Six peers that mix as a plan says nothing of, and neither faults nor losses: what is wrong is what was broken. */
const calmSeed = 12_155
/** One peer is not what it should be. */
const broken =
  (change: (life: PeerLife) => PeerLife) =>
  (life: PeerLife): PeerLife =>
    life.name === 'peer-1' ? change(life) : life

const more = (record: LedgerRecord): LedgerRecord =>
  record.type === 'committed' ? { ...record, delta: record.delta.map((value, i) => value + (i === 0 ? 1 : 0)) } : record

const leak = /^peer-1 let (a secret|the local adapter) of peer-1 go in /
const breaks: readonly [what: string, wrong: RegExp, change: (life: PeerLife) => PeerLife][] = [
  [
    'moves one unit further than it agreed to',
    /^The sum moved in session \w+ of round \d$/,
    (life) => ({
      ...life,
      store: {
        ...life.store,
        append: (log, bytes) =>
          life.store.append(log, log === 'exchange' ? encodeLedgerRecord(more(decodeLedgerRecord(bytes))) : bytes),
      },
    }),
  ],
  [
    'says of what it has committed that it has not',
    /^The sum moved in session \w+ of round \d$/,
    (life) => ({
      ...life,
      network: {
        ...life.network,
        send: (to, message, stop) => {
          const { type, xid } = message
          return life.network.send(to, type === 'commit' ? { type: 'verdict', xid, outcome: 'aborted' } : message, stop)
        },
      },
    }),
  ],
  [
    'says a line of its private examples',
    leak,
    (life) => ({
      ...life,
      network: {
        ...life.network,
        announce: async (said) => {
          const name = new TextDecoder().decode(await life.store.read(privateKey))
          return life.network.announce(said.type === 'presence' ? { ...said, name } : said)
        },
      },
    }),
  ],
  [
    'mixes its local adapter',
    leak,
    (life) => ({
      ...life,
      learning: {
        ...life.learning,
        train: async (...input) => {
          const { trained, local } = await trainBoth(life, input)
          const { config, parameters } = local
          return { ...trained, global: asGlobal({ config, parameters }) }
        },
      },
    }),
  ],
  [
    'offers its local adapter for download',
    leak,
    (life) => ({
      ...life,
      learning: {
        ...life.learning,
        train: async (...input) => {
          const { trained, local } = await trainBoth(life, input)
          const { buffer, byteOffset, byteLength } = local.parameters
          const bytes = new Uint8Array(buffer, byteOffset, byteLength)
          life.network.offer(sha256(bytes), bytes)
          return trained
        },
      },
    }),
  ],
  [
    'is late in one round, and then goes on as if nothing were',
    /^peer-1 was generating in round 2 for \d+\.\d s after all faults were over: expected at most 35\.0$/,
    (life) => ({
      ...life,
      learning: {
        ...life.learning,
        train: async (input, ...rest) => {
          if (input.round === 2) await life.clock.sleep(200_000, rest[1])
          return life.learning.train(input, ...rest)
        },
      },
    }),
  ],
  [
    'never comes to its end',
    /^peer-1 did not come to its end within \d+ s$/,
    (life) => ({
      ...life,
      learning: { ...life.learning, evaluate: () => new Promise(() => {}) },
    }),
  ],
  [
    'cannot take the others’ result in one round',
    /^The session of round \d ended with 2 different adapters$/,
    (life) => {
      let round = 0
      return {
        ...life,
        learning: {
          ...life.learning,
          train: (input, ...rest) => {
            round = input.round
            return life.learning.train(input, ...rest)
          },
        },
        network: {
          ...life.network,
          fetch: (...wanted) => {
            if (round === 3) return Promise.reject(new Error('broken'))
            return life.network.fetch(...wanted)
          },
        },
      }
    },
  ],
  [
    'ends with an adapter of its own',
    /^Peers that did all their rounds hold different global adapters$/,
    (life) => ({ ...life, network: { ...life.network, fetch: () => Promise.reject(new Error('broken')) } }),
  ],
]

const repeated = casesOf(breaks, 1)
for (const one of breaks) {
  const [what, wrong, change] = one
  const twice = repeated.includes(one)
  test(`soak() tells of a peer that ${what}${twice ? ', and tells the same again' : ''}`, async () => {
    const soaked = await soak(calmSeed, signal, broken(change))
    assert.ok(
      soaked.wrong.some((words) => wrong.test(words)),
      soaked.wrong.join('\n') || 'nothing was wrong',
    )
    if (twice) assert.deepEqual(await soak(calmSeed, signal, broken(change)), soaked)
    const [line = ''] = linesOf(soaked)
    assert.ok(
      line.startsWith(`seed ${calmSeed}: `) && line.endsWith(`npm run soak -- --from ${calmSeed} --seeds 1`),
      line,
    )
  })
}

test('soak() tells of a result that is not between what was brought, where all make the same mistake', async () => {
  const shifted = (life: PeerLife): PeerLife => {
    const session: PeerLife['codec']['session'] = (round) => {
      const own = life.codec.session(round)
      return {
        ...own,
        put: (base, mixed) =>
          own.put(
            base,
            mixed.map((value) => value + 0.5),
          ),
      }
    }
    return { ...life, codec: { ...life.codec, session } }
  }
  const { wrong } = await soak(calmSeed, signal, shifted)
  assert.ok(
    wrong.some((words) => /^The result of session \w+ of round 1 is not between what its members brought$/.test(words)),
    wrong.join('\n') || 'nothing was wrong',
  )
})

test('soak() tells of peers without rounds that never exchange anything', async () => {
  const deaf = (life: PeerLife): PeerLife => ({
    ...life,
    network: {
      ...life.network,
      send: (to, message, stop) =>
        message.type === 'offer' ? Promise.reject(new Error('broken')) : life.network.send(to, message, stop),
    },
  })
  const { scenario, texts } = drawScenario(String(calmSeed))
  const { mixing } = simulationSchema.shape
  const drawn = { ...scenario, topology: 'random-matching', mixing: mixing.parse({ timing: 'asynchronous' }) }
  const { wrong } = await soakIn({ scenario: drawn, texts }, calmSeed, signal, deaf)
  assert.ok(wrong.includes('6 peers ended without an exchange'), wrong.join('\n') || 'nothing was wrong')
  assert.deepEqual((await soakIn({ scenario: drawn, texts }, calmSeed, signal)).wrong, [])
})

test('soak() finds nothing wrong with a federation that all leave', async () => {
  const { scenario, texts } = drawScenario(String(calmSeed))
  const script = simulationSchema.shape.script.parse([
    { at: 5, fault: 'leave', peers: scenario.peers.map(({ name }) => name) },
  ])
  assert.deepEqual((await soakIn({ scenario: { ...scenario, script }, texts }, calmSeed, signal)).wrong, [])
})

/** In the time of the global adapter alone. */
async function trainBoth({ learning }: PeerLife, task: Parameters<PeerLife['learning']['train']>) {
  const [round, , signal] = task
  const [trained, local] = await Promise.all([learning.train(...task), learning.personalise(round, signal)])
  return { trained, local }
}

/** What would be mixed, had the peer trained its local adapter in the place of the global one. */
const mixesLocal = (life: PeerLife): PeerLife => ({
  ...life,
  learning: {
    ...life.learning,
    train: async (...task) => {
      const { trained, local: own } = await trainBoth(life, task)
      const [input] = task
      const { config, parameters } = own
      const local = asGlobal({ config, parameters })
      const { layout } = life.codec
      const { parts } = life.codec.session(input.round)
      if (parts === 'AB') return { ...trained, global: local }
      return { ...trained, global: putFactors(input.global, layout, parts, takeFactors(local, layout, parts)) }
    },
  },
})

/** The calm seed's federation, mixing otherwise; the updates are so long that the norm gate takes a local adapter for one. */
function calmWith(mixing: Partial<SimulationScenario['mixing']>): DrawnScenario {
  const { scenario, texts } = drawScenario(String(calmSeed))
  const numbers = mixing.codec === 'top-k' ? 80 : 9
  const lora = { ...scenario.lora, rank: 2 }
  const standIn = { ...scenario.standIn, numbers, spread: 1 }
  return { scenario: { ...scenario, lora, standIn, mixing: { ...scenario.mixing, ...mixing } }, texts }
}

const mixings = [
  { codec: 'top-k' },
  { factors: 'alternate' },
  { factors: 'svd' },
  { robust: 'median' },
  { codec: 'bf16' },
  { codec: 'int8' },
  { factors: 'alternate', codec: 'top-k' },
  { factors: 'both', outer: 'nesterov' },
  { factors: 'both', outer: 'nesterov', codec: 'int8' },
  { robust: 'clip' },
  { outer: 'nesterov', robust: 'trimmed-mean' },
] as const

for (const mixing of casesOf(mixings, 4)) {
  test(`soak() finds a local adapter that leaves by ${Object.values(mixing).join(' and ')}, and nothing where none does`, async () => {
    const told = await soakIn(calmWith(mixing), calmSeed, signal, broken(mixesLocal))
    const gathered = 'robust' in mixing && mixing.robust !== 'clip'
    const where =
      gathered || ('factors' in mixing && mixing.factors === 'svd') ? 'an adapter that it offers' : 'its offer'
    const leaked = `peer-1 let the local adapter of peer-1 go in ${where}`
    assert.ok(told.wrong.includes(leaked), told.wrong.join('\n') || 'nothing was wrong')
    assert.deepEqual((await soakIn(calmWith(mixing), calmSeed, signal)).wrong, [])
  })
}

for (const robust of casesOf(['trimmed-mean', 'median'] as const, 1)) {
  test(`soak() tells of a ${robust} that is not between what members brought`, async () => {
    /** Reads all that others brought as if it were larger by one. */
    const misreads = (life: PeerLife): PeerLife => ({
      ...life,
      network: {
        ...life.network,
        fetch: async (...wanted) => {
          const bytes = await life.network.fetch(...wanted)
          return encodeState(decodeState(bytes, numbersIn(bytes.length)).map((value) => value + 2 ** 20))
        },
      },
    })
    const { wrong } = await soakIn(calmWith({ robust }), calmSeed, signal, broken(misreads))
    assert.ok(
      wrong.some((words) =>
        /^The result of session \w+ of round \d is not between what its members brought$/.test(words),
      ),
      wrong.join('\n') || 'nothing was wrong',
    )
  })
}
