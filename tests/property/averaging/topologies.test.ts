import assert from 'node:assert/strict'
import test from 'node:test'
import { mix, type Round, type Topology } from '../../../src/averaging/schedule.ts'
import { baseRounds } from '../../../src/averaging/topologies/base.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'
import { graphFromEdgeList } from '../../../src/averaging/topologies/graph.ts'

const names = ['base-2', 'base-3', 'base-4', 'base-6', 'ring', 'complete', 'random-matching']
const star = graphFromEdgeList('0 1\n0 2\n0,3 # a comment\n\n0 1\n', 'star.txt')
const topologies: Topology[] = [...names.map(topologyByName), star]

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

for (const topology of topologies) {
  test(`${topology.name} is doubly stochastic: distinct ordered edges, and no peer gives away more than it has`, () => {
    for (let n = 0; n <= 40; n++) {
      for (const round of topology.rounds(n, `seed ${n}`)) {
        const given = new Array<number>(n).fill(0)
        assert.equal(new Set(round.map(({ a, b }) => `${a} ${b}`)).size, round.length, `n = ${n}: an edge twice`)
        for (const { a, b, num, den } of round) {
          assert.ok(
            a < b && b < n && num > 0 && Number.isInteger(num) && Number.isInteger(den),
            `n = ${n}: ${a}-${b} ${num}/${den}`,
          )
          given[a] = (given[a] as number) + num / den
          given[b] = (given[b] as number) + num / den
        }
        assert.ok(Math.max(0, ...given) <= 1 + 1e-12, `n = ${n}: a peer gives ${Math.max(...given)}`)
      }
    }
  })

  test(`${topology.name} keeps the mean and brings peers together`, () => {
    for (const n of [2, 3, 4, 7, 16]) {
      const start = Array.from({ length: n }, (_, i) => Math.sin(i * 7 + 1))
      const end = topology.rounds(n, 'seed').reduce(mix, start)
      assert.ok(Math.abs(sum(end) - sum(start)) < 1e-12 * n, `n = ${n}: sum moved by ${sum(end) - sum(start)}`)
      if (topology !== star || n <= 4) assert.ok(spread(end) < 0.02 * spread(start), `n = ${n}: spread ${spread(end)}`)
    }
  })

  const { exactAfter } = topology
  if (exactAfter !== undefined) {
    test(`${topology.name} is exact after the rounds it declares, for n = 2..200`, () => {
      for (let n = 2; n <= 200; n++) {
        const rounds = topology.rounds(n, 'seed')
        assert.equal(rounds.length, exactAfter(n), `n = ${n}`)
        const start = Array.from({ length: n }, (_, i) => Math.cos(i * 3 + n))
        const end = rounds.reduce(mix, start)
        const mean = sum(start) / n
        assert.ok(Math.max(...end.map((value) => Math.abs(value - mean))) < 1e-12, `n = ${n}: not the mean`)
      }
    })
  }
}

test('baseRounds() has at most k partners a round and at most 2 log_{k+1}(n) + 2 rounds', () => {
  for (let k = 1; k <= 5; k++) {
    for (let n = 2; n <= 200; n++) {
      const rounds = baseRounds(n, k)
      assert.ok(
        rounds.length <= (2 * Math.log(n)) / Math.log(k + 1) + 2 + 1e-9,
        `n = ${n}, k = ${k}: ${rounds.length} rounds`,
      )
      for (const round of rounds) {
        const partners = new Array<number>(n).fill(0)
        for (const peer of round.flatMap(({ a, b }) => [a, b])) partners[peer] = (partners[peer] as number) + 1
        assert.ok(Math.max(...partners) <= k, `n = ${n}, k = ${k}: ${Math.max(...partners)} partners`)
      }
    }
  }
})

test('baseRounds() gives the published lengths and schedules', () => {
  const lengths: Record<number, number[]> = {
    5: [5, 3, 3],
    8: [3, 3, 2],
    25: [9, 6, 5],
    50: [10, 7, 6],
    100: [11, 8, 6],
    127: [13, 9, 7],
    128: [7, 7, 4],
  }
  for (const [n, expected] of Object.entries(lengths)) {
    assert.deepEqual(
      [1, 2, 3].map((k) => baseRounds(Number(n), k).length),
      expected,
      `n = ${n}`,
    )
  }
  const written = (rounds: readonly Round[]) =>
    rounds.map((round) => round.map(({ a, b, num, den }) => `${a}-${b}:${num}/${den}`).join(' ')).join(' | ')
  assert.equal(
    written(baseRounds(5, 1)),
    '0-1:1/2 2-3:1/2 | 0-2:1/2 1-3:1/2 | 0-4:4/5 | 0-1:1/2 2-3:1/2 | 0-2:1/2 1-3:1/2',
  )
  assert.equal(
    written(baseRounds(6, 1)),
    '0-1:1/2 3-4:1/2 | 0-2:2/3 3-5:2/3 | 0-1:1/2 3-4:1/2 | 0-3:1/2 1-4:1/2 2-5:1/2',
  )
})

test('ring contracts by its second eigenvalue, 1/3 + 2/3 cos(2 pi / n)', () => {
  const [round = []] = topologyByName('ring').rounds(16, '')
  let values = Array.from({ length: 16 }, (_, i) => Math.cos((2 * Math.PI * i) / 16))
  for (let step = 0; step < 20; step++) values = mix(values, round)
  const expected = (1 / 3 + (2 / 3) * Math.cos((2 * Math.PI) / 16)) ** 20
  assert.ok(Math.abs((values[0] as number) - expected) < 1e-12)
})

test('topologyByName() and graphFromEdgeList() name what they expected', () => {
  assert.throws(() => topologyByName('torus'), /Cannot use topology "torus": expected one of base-2 ... base-16, ring/)
  assert.throws(
    () => graphFromEdgeList('0 1\n2 2', 'g.txt'),
    /Cannot read g\.txt:2: expected two different peer numbers, got "2 2"/,
  )
  assert.throws(() => graphFromEdgeList('# nothing', 'g.txt'), /expected at least one edge, got none/)
})
