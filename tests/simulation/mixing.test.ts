/** What is mixed (`mixing` in a plan), in whole federations. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { PeerLife } from '../../peers/peer-life.ts'
import { stateBytes } from '../../src/averaging/state-bytes.ts'
import { exchangedWords } from '../../src/lab/simulation/exchanged.ts'
import type { Adapter } from '../../src/lora/adapter.ts'
import { createAdapter } from '../../src/lora/create.ts'
import { meanProduct, productOf, toRank, type WeightedAdapter } from '../../src/lora/ranks.ts'
import { tinyModel } from '../fixtures/tiny-config.ts'
import { run, unit } from './run-scenario.ts'

const twoKills =
  'script: [{ at: 22, fault: kill, peers: [peer-2], for: 5 }, { at: 25, fault: kill, peers: [peer-3], for: 9 }]'

for (const factors of ['ffa', 'alternate', 'both']) {
  const text = `peers: 4\nrounds: 4\nstandIn: { numbers: 64, flow: 6 }\nmixing: { factors: ${factors} }\n`
  const ends = async (what: string) => {
    const { sessions, agreed, finished, unfinished, drift } = await run(text + what)
    assert.deepEqual({ agreed, finished, unfinished }, { agreed: true, finished: 4, unfinished: [] })
    assert.ok(sessions.every(({ sumKept, results }) => sumKept && results === 1))
    return { sessions, drift: drift ?? Number.NaN }
  }
  test(`simulate() mixing ${factors}: exact to units, and where training must end, once for each factor`, async () => {
    const { sessions, drift } = await ends('seed: calm')
    assert.deepEqual(
      sessions.map(({ round, members }) => [round, members]),
      [1, 2, 3, 4].map((round) => [round, 4]),
    )
    assert.ok(sessions.every(({ error }) => error < 4 * unit * 8))
    const last = sessions.slice(-2).map(({ toOptimum }) => toOptimum ?? Number.NaN)
    // The two halves of the numbers are two rounds of alternation.
    const end = factors === 'alternate' ? Math.hypot(...last) : (last[1] as number)
    assert.ok(Math.abs(end - drift) < 0.05 * drift, `${end} from the optimum, drift ${drift}`)
  })

  test(`simulate() mixing ${factors} with kills: sums are kept, and all end with one adapter`, async () => {
    await ends(`seed: kills\n${twoKills}`)
  })
}

test('simulate() mixing one factor of two sends half of what mixing both does', async () => {
  const sent = async (factors: string) => {
    const { bytes } = await run(`peers: 4\nseed: bytes\nstandIn: { numbers: 20000 }\nmixing: { factors: ${factors} }`)
    return bytes.reduce((sum, round) => sum + round.sent, 0)
  }
  const ratio = (await sent('alternate')) / (await sent('both'))
  assert.ok(ratio > 0.45 && ratio < 0.6, `${ratio} of the bytes`)
})

test('simulate() with an outer momentum: exact to units, and nearer to the end of training after as many short rounds', async () => {
  const text = 'peers: 4\nseed: outer\nrounds: 8\nstandIn: { numbers: 32, flow: 0.05 }\n'
  const end = async (outer: string) => {
    const { sessions, agreed, finished, drift } = await run(`${text}mixing: { outer: ${outer} }`)
    assert.deepEqual([agreed, finished, sessions.length], [true, 4, 8])
    for (const { error, sumKept } of sessions) assert.ok(sumKept && error < 16 * unit * Math.sqrt(32), `error ${error}`)
    return (sessions.at(-1)?.toOptimum ?? Number.NaN) - (drift ?? Number.NaN)
  }
  const [none, nesterov] = [await end('none'), await end('nesterov')]
  assert.ok(Math.abs(nesterov) < 0.5 * none, `${nesterov} against ${none}`)
})

for (const factors of ['ffa', 'alternate']) {
  test(`simulate() with an outer momentum on ${factors}, kills and a late peer: all end with one adapter and momentum`, async () => {
    const late = '{ at: 60, fault: join, peers: [peer-4] }'
    const { agreed, finished, unfinished, sessions, events } = await run(
      `peers: 4\nseed: outer\nrounds: 4\nmixing: { factors: ${factors}, outer: nesterov }\n${twoKills.replace(' }]', ` }, ${late}]`)}`,
    )
    assert.deepEqual({ agreed, finished, unfinished }, { agreed: true, finished: 4, unfinished: [] })
    assert.ok(sessions.every(({ sumKept }) => sumKept))
    assert.ok(events.some(({ type }) => type === 'pulled'))
  })
}

const ofRanks = (ranks: readonly number[]): string => {
  const peers = ranks.map((rank, i) => `{ name: peer-${i + 1}, rank: ${rank} }`)
  return `peers: [${peers.join(', ')}]\nstandIn: { numbers: 256 }\nlora: { rank: 8 }\nmixing: { factors: svd }\n`
}

test('simulate() of peers with ranks 4 and 8: all end with one adapter, as much of it as each can hold, the mean of all', async () => {
  const side = { ...tinyModel, hiddenSize: 16, heads: 1, headDim: 16, layers: 1 }
  const product = (adapter: Adapter) => Array.from(productOf(adapter, side, '0.q').data)
  const apart = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((x, i) => x - (b[i] as number)))
  const held = new Map<string, Adapter>()
  const trained = new Map<string, WeightedAdapter>()
  const equip = (life: PeerLife): PeerLife => ({
    ...life,
    keep: async (which, adapter) => void (which === 'global' && held.set(life.name, adapter)),
    learning: {
      ...life.learning,
      async train(...input) {
        const out = await life.learning.train(...input)
        trained.set(life.name, { adapter: out.global, weight: life.learning.examples })
        return out
      },
    },
  })
  const ranks = [4, 8, 4, 8]
  const { agreed, finished, events } = await run(`seed: ranks\nrounds: 3\n${ofRanks(ranks)}`, { equip })
  assert.deepEqual([agreed, finished], [true, 4])
  assert.deepEqual(
    [...held].sort().map(([, { config }]) => config.rank),
    ranks,
  )
  const all = [...held].sort().map(([, adapter]) => product(adapter))
  const [small, large] = all as [number[], number[]]
  assert.deepEqual([all[2], all[3]], [small, large])
  const size = Math.hypot(...large)
  // By the tests of src/lora/ranks.ts this is the best there is; weights are the examples, all within ten times the median.
  const fresh = (rank: number) => createAdapter({ rank, alpha: 1, targets: ['q'], rslora: false }, side, 'ranks')
  const terms = [...trained].sort().map(([, term]) => term)
  const { adapter: mean, discarded } = meanProduct(terms, fresh(8).config, side, fresh(8))
  assert.ok(apart(product(mean), large) < 1e-4 * size, `${apart(product(mean), large)} from the mean, of ${size}`)
  assert.ok(apart(product(toRank(mean, 4, side, fresh(4)).adapter), small) < 1e-4 * size)
  assert.ok(apart(small, large) > 0.1 * size, 'a lower rank holds less')
  const told = events.flatMap((event) =>
    event.type === 'truncated' && event.round === 3 ? [[event.name, event.rank, event.discarded] as const] : [],
  )
  assert.equal(told.filter(([, rank, share]) => rank === 8 && Math.abs(share - discarded) < 1e-4).length, 4)
  const lost = Math.hypot(...small.map((x, i) => x - (large[i] as number))) / size
  assert.equal(told.filter(([, rank, share]) => rank === 4 && Math.abs(share - lost) < 1e-4).length, 2)
})

test('simulate() of peers with different ranks and kills: all end with one adapter', async () => {
  const { agreed, finished, unfinished } = await run(`seed: ranks\nrounds: 4\n${ofRanks([4, 8, 2, 8])}${twoKills}`)
  assert.deepEqual({ agreed, finished, unfinished }, { agreed: true, finished: 4, unfinished: [] })
})

test('simulate() refuses a rank that the plan has no room for, and says what would have it', async () => {
  await assert.rejects(run(`seed: 1\n${ofRanks([9, 8])}`), /expected a rank of at most lora.rank 8, got 9/)
  await assert.rejects(run('seed: 1\npeers: [{ name: a, rank: 4 }, { name: b }]'), /expected mixing.factors svd/)
  for (const [setting, expected] of [
    ['codec: int8', /expected codec fixed/],
    ['robust: median', /expected robust none/],
  ] as const) {
    const text = ofRanks([4, 8]).replace('factors: svd', `factors: svd, ${setting}`)
    await assert.rejects(run(`seed: 1\n${text}`), expected)
  }
  await assert.rejects(run('seed: 1\npeers: 2\nmixing: { factors: svd, outer: nesterov }'), /expected outer none/)
})

for (const mixing of ['robust: median', 'robust: trimmed-mean', 'factors: svd']) {
  test(`simulate() with ${mixing} tells what members gathered, and how many bytes`, async () => {
    const { exchanged, events } = await run(`peers: 4\nseed: gathered\nlora: { rank: 2 }\nmixing: { ${mixing} }`)
    const told = events.flatMap((event) => (event.type === 'gathered' ? [event.states] : []))
    assert.deepEqual(told, Array(8).fill(3), 'each of four members, in two rounds, gathers from the three others')
    // Eight numbers are eight numbers of B, or a square of three by three in factors of rank two.
    const bytes = stateBytes(mixing === 'factors: svd' ? 12 : 8)
    assert.deepEqual(exchanged.gathered, { states: 24, bytes: 24 * bytes })
    assert.equal(exchangedWords(exchanged), `Members gathered 24 states of others: ${(24e-6 * bytes).toFixed(3)} MB.`)
  })
}

test('simulate() without anybody to mix with says that nothing was exchanged or gathered', async () => {
  const { exchanged } = await run('peers: 1\nseed: alone')
  assert.equal(exchangedWords(exchanged), 'Nothing was exchanged or gathered.')
})

test('simulate() of peers with ranks 4 and 8 says how long an update is from where its own rank began', async () => {
  /** Lengths of the updates that peers with these ranks say they bring, in units, by peer and round. */
  const said = async (flow: number): Promise<number[]> => {
    const lengths: number[] = []
    const equip = (life: PeerLife): PeerLife => ({
      ...life,
      network: {
        ...life.network,
        announce(what) {
          if (what.type === 'session' && what.stage === 'joined') lengths.push(Math.hypot(...what.sketch))
          return life.network.announce(what)
        },
      },
    })
    const text = ofRanks([4, 8, 4, 8]).replace('numbers: 256', `numbers: 256, flow: ${flow}`)
    const { agreed } = await run(`seed: ranks\nrounds: 2\n${text}`, { equip })
    assert.ok(agreed && lengths.length >= 8)
    return lengths
  }
  assert.deepEqual(new Set(await said(0)), new Set([0]), 'who learns nothing brings nothing')
  assert.ok((await said(1)).every((length) => length > 0))
})
