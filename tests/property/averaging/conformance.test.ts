/** Reads what each topology promises and tests it, for every family of the registry and for graphs in files. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { addDelta, deltaOf } from '../../../src/averaging/fixed-point.ts'
import { measuredContraction } from '../../../src/averaging/measure.ts'
import { mix, type Round, type Topology } from '../../../src/averaging/schedule.ts'
import { secondEigenvalue } from '../../../src/averaging/spectrum.ts'
import { families, topologyByName } from '../../../src/averaging/topologies/by-name.ts'
import { graphFromText } from '../../../src/averaging/topologies/graph-file.ts'
import { createRandom } from '../../../src/core/random.ts'
import { casesOf } from '../../fixtures/cases.ts'

const names = [
  ...['base-2', 'base-3', 'base-4', 'base-6', 'simple-base-2', 'simple-base-4', 'complete', 'one-peer-exponential'],
  ...['moshpit-2', 'moshpit-4', 'random-matching', 'random-cliques-4', 'epidemic-1', 'epidemic-4', 'equitopo'],
  ...['ring', 'torus', 'star', 'static-exponential', 'k-regular-3', 'k-regular-4', 'erdos-renyi', 'erdos-renyi-0.5'],
  ...['small-world', 'small-world-0.3', 'redrawn-erdos-renyi', 'redrawn-small-world-0.5'],
]
const file = graphFromText('0 1\n0 2\n0,3 # a comment\n\n1 0\n', 'star.txt')
const varying = graphFromText('0 1\n2 3\n---\n1 2\n0 3\n0 2\n', 'varying.txt')
const topologies: Topology[] = [...names.map(topologyByName), file, varying]

test('the conformance suite tests every family of the registry', () => {
  for (const family of families) {
    assert.ok(
      names.some((name) => family.named(name)?.name === name),
      `no name of ${family.form} is tested`,
    )
  }
})

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
const first = (topology: Topology, n: number, seed: string, count: number): Round[] => {
  const schedule = topology.schedule(n, seed)
  return Array.from({ length: count }, (_, t) => schedule(t))
}
const sizes = [2, 3, 4, 5, 8, 9, 13, 16, 24]
const upTo260 = casesOf(
  Array.from({ length: 259 }, (_, i) => i + 2),
  63,
)

for (const topology of topologies) {
  test(`${topology.name} has distinct ordered edges with integer ratios, and no peer gives more than it has`, () => {
    for (let n = 0; n <= 40; n++) {
      for (const round of first(topology, n, `seed ${n}`, 5)) {
        const given = new Array<number>(n).fill(0)
        assert.equal(new Set(round.map(({ a, b }) => `${a} ${b}`)).size, round.length, `n = ${n}: an edge twice`)
        for (const { a, b, num, den } of round) {
          const whole = Number.isInteger(num) && Number.isInteger(den)
          assert.ok(a >= 0 && a < b && b < n && num > 0 && whole, `n = ${n}: ${a}-${b} ${num}/${den}`)
          given[a] = (given[a] as number) + num / den
          given[b] = (given[b] as number) + num / den
        }
        assert.ok(Math.max(0, ...given) <= 1 + 1e-12, `n = ${n}: a peer gives ${Math.max(...given)}`)
      }
    }
  })

  test(`${topology.name}: a session is the schedule's first rounds, the same for the same seed, and none for one peer`, () => {
    for (const n of sizes) {
      const rounds = topology.rounds(n, 'a')
      assert.deepEqual(rounds, first(topology, n, 'a', rounds.length), `n = ${n}`)
      assert.ok(rounds.length > 0 && rounds.length <= 96, `n = ${n}: ${rounds.length} rounds`)
    }
    assert.deepEqual([...topology.rounds(0, 'a'), ...topology.rounds(1, 'a')].flat(), [])
  })

  if (topology.preservesMean) {
    test(`${topology.name} keeps the sum to the last integer and amplifies nothing, also with lost edges and absent peers`, () => {
      const random = createRandom(topology.name)
      for (const n of sizes) {
        for (const [loss, absence] of [
          [0, 0],
          [0.2, 0],
          [0.2, 0.3],
        ] as const) {
          const start = Array.from({ length: n }, () => Int32Array.of(random.below(2 ** 24) - 2 ** 23))
          let states: readonly Int32Array[] = start
          let units = 0
          for (const round of first(topology, n, `${n}`, 12)) {
            const absent = Array.from({ length: n }, () => random.next() < absence)
            const kept = round.filter(({ a, b }) => !absent[a] && !absent[b] && random.next() >= loss)
            states = exchanged(states, kept)
            const partners = new Array<number>(n).fill(0)
            for (const peer of kept.flatMap(({ a, b }) => [a, b])) partners[peer] = (partners[peer] as number) + 1
            units += Math.max(...partners) / 2
          }
          const [before, after] = [start, states].map((all) => all.map(([value]) => value as number))
          assert.equal(sum(after as number[]), sum(before as number[]), `n = ${n}, loss ${loss}`)
          for (const value of after as number[]) {
            assert.ok(value >= Math.min(...(before as number[])) - units, `n = ${n}: ${value} is below all`)
            assert.ok(value <= Math.max(...(before as number[])) + units, `n = ${n}: ${value} is above all`)
          }
        }
      }
    })
  }

  if (topology.symmetric) {
    test(`${topology.name} has symmetric rounds`, () => {
      const n = 9
      for (const round of first(topology, n, 's', 4)) {
        const rows = Array.from({ length: n }, (_, c) =>
          mix(
            Array.from({ length: n }, (_, i) => Number(i === c)),
            round,
          ),
        )
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < i; j++) {
            assert.ok(Math.abs((rows[i]?.[j] as number) - (rows[j]?.[i] as number)) < 1e-15, `${i}, ${j}`)
          }
        }
      }
    })
  }

  test(`${topology.name} is equivariant: other names of peers, a constant added, another scale`, () => {
    for (const n of [3, 8, 13]) {
      const rounds = first(topology, n, `e${n}`, 6)
      const start = Array.from({ length: n }, (_, i) => Math.sin(i * 7 + 1))
      const end = rounds.reduce(mix, start)
      const place = createRandom(n).shuffle(start.map((_, i) => i))
      const renamed = rounds.map((round) =>
        round.map((own) => ({ ...own, a: place[own.a] as number, b: place[own.b] as number })),
      )
      const moved = renamed.reduce(
        mix,
        start.map((_, i) => start[place.indexOf(i)] as number),
      )
      const shifted = rounds.reduce(
        mix,
        start.map((x) => 3 * x + 100),
      )
      for (let i = 0; i < n; i++) {
        assert.ok(Math.abs((moved[place[i] as number] as number) - (end[i] as number)) < 1e-12, `n = ${n}: renamed`)
        assert.ok(Math.abs((shifted[i] as number) - 3 * (end[i] as number) - 100) < 1e-11, `n = ${n}: shifted`)
      }
    }
  })

  const { exactAfter } = topology
  if (exactAfter !== undefined) {
    test(`${topology.name} is exact after the rounds that it declares, for n = 2..${upTo260.at(-1)}`, () => {
      let declared = 0
      for (const n of upTo260) {
        const count: number | undefined = exactAfter(n)
        if (count === undefined) continue
        declared += 1
        const rounds = topology.rounds(n, 'seed')
        assert.equal(rounds.length, count, `n = ${n}`)
        const start = Array.from({ length: n }, (_, i) => Math.cos(i * 3 + n))
        const mean = sum(start) / n
        const off = rounds.reduce(mix, start).map((value) => Math.abs(value - mean))
        assert.ok(Math.max(...off) < 1e-12, `n = ${n}: ${Math.max(...off)} off the mean`)
      }
      assert.ok(declared > 0)
    })
  }

  const { graph } = topology
  if (graph !== undefined) {
    test(`${topology.name}: no round leaves more than the second eigenvalue, and that is what it declares`, () => {
      for (const n of [3, 4, 5, 6, 9, 10, 16, 25, 27]) {
        const round = graph(n, 'seed')
        const most = secondEigenvalue(round, n)
        const declared = topology.expectedContraction?.(n)
        if (declared !== undefined) assert.ok(Math.abs(most - declared) < 1e-9, `n = ${n}: ${most}, not ${declared}`)
        const start = Array.from({ length: n }, (_, i) => Math.sin(i * i + 2))
        const [before, after] = [start, mix(start, round)].map((values) => deviation(values))
        assert.ok((after as number) <= most * (before as number) + 1e-12, `n = ${n}: ${after} of ${before}`)
      }
    })
  } else if (topology.expectedContraction !== undefined) {
    test(`${topology.name}: a drawn round leaves what it declares, within 3 %`, () => {
      const seeds = Array.from({ length: 150 }, (_, i) => `draw ${i}`)
      for (const n of [4, 9, 16, 33]) {
        const declared = topology.expectedContraction?.(n)
        if (declared === undefined) continue
        const measured = measuredContraction(topology, n, 1, seeds)
        assert.ok(Math.abs(measured - declared) <= 0.03 * declared, `n = ${n}: ${measured}, not ${declared}`)
      }
    })
  }
}

for (const topology of topologies.filter(({ name }) => !name.startsWith('graph:'))) {
  test(`${topology.name} brings the peers of a session together`, () => {
    for (const n of [2, 3, 4, 7, 16]) {
      const start = Array.from({ length: n }, (_, i) => Math.sin(i * 7 + 1))
      const end = topology.rounds(n, 'seed').reduce(mix, start)
      assert.ok(spread(end) < 0.02 * spread(start), `n = ${n}: spread ${spread(end)} of ${spread(start)}`)
    }
  })
}

test('topologies that are drawn are drawn anew for another seed, and the others are not', () => {
  const drawn = /^(moshpit|random|epidemic|equitopo|k-regular|erdos|small-world|redrawn)/
  for (const topology of topologies) {
    const differ = JSON.stringify(first(topology, 16, 'a', 3)) !== JSON.stringify(first(topology, 16, 'b', 3))
    assert.equal(differ, drawn.test(topology.name), topology.name)
  }
})

function exchanged(states: readonly Int32Array[], round: Round): Int32Array[] {
  const out = [...states]
  for (const { a, b, num, den } of round) {
    const delta = deltaOf(states[a] as Int32Array, states[b] as Int32Array, num, den)
    out[a] = addDelta(out[a] as Int32Array, delta, 1) as Int32Array
    out[b] = addDelta(out[b] as Int32Array, delta, -1) as Int32Array
  }
  return out
}

function deviation(values: readonly number[]): number {
  const mean = sum(values) / values.length
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)))
}
