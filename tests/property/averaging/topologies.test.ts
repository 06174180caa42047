/** What is special about single topologies: published schedules, degrees, names. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Round } from '../../../src/averaging/schedule.ts'
import { baseRounds } from '../../../src/averaging/topologies/base.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'

const roundOf = (name: string, n: number, seed = 's') => topologyByName(name).schedule(n, seed)(0)

function degrees(round: Round, n: number): number[] {
  const partners = new Array<number>(n).fill(0)
  for (const peer of round.flatMap(({ a, b }) => [a, b])) partners[peer] = (partners[peer] as number) + 1
  return partners
}

test('baseRounds() has at most k partners a round and at most 2 log_{k+1}(n) + 2 rounds', () => {
  for (let k = 1; k <= 5; k++) {
    for (let n = 2; n <= 200; n++) {
      const rounds = baseRounds(n, k)
      const most = (2 * Math.log(n)) / Math.log(k + 1) + 2 + 1e-9
      assert.ok(rounds.length <= most, `n = ${n}, k = ${k}: ${rounds.length} rounds`)
      for (const round of rounds) {
        const partners = Math.max(...degrees(round, n))
        assert.ok(partners <= k, `n = ${n}, k = ${k}: ${partners} partners`)
      }
    }
  }
})

test('baseRounds() has the published lengths for k = 1, 2, 3, 4, 7', () => {
  const lengths: Record<number, number[]> = {
    5: [5, 3, 3, 1, 1],
    6: [4, 2, 2, 2, 1],
    7: [5, 4, 3, 3, 1],
    8: [3, 3, 2, 2, 1],
    10: [6, 4, 4, 2, 2],
    12: [5, 3, 2, 2, 2],
    16: [4, 4, 2, 2, 2],
    20: [7, 5, 4, 2, 2],
    24: [6, 4, 3, 3, 2],
    25: [9, 6, 5, 2, 2],
    32: [5, 5, 3, 3, 2],
    48: [7, 5, 3, 3, 2],
    50: [10, 7, 6, 3, 3],
    64: [6, 6, 3, 3, 2],
    96: [8, 6, 4, 4, 3],
    100: [11, 8, 6, 3, 3],
    127: [13, 9, 7, 7, 5],
    128: [7, 7, 4, 4, 3],
  }
  for (const [n, expected] of Object.entries(lengths)) {
    const measured = [1, 2, 3, 4, 7].map((k) => baseRounds(Number(n), k).length)
    assert.deepEqual(measured, expected, `n = ${n}`)
  }
  assert.deepEqual([baseRounds(243, 2).length, baseRounds(125, 4).length], [5, 3])
})

test('baseRounds() gives the published schedules', () => {
  const four = '0-1:1/4 0-2:1/4 0-3:1/4 1-2:1/4 1-3:1/4 2-3:1/4'
  const pairs = '0-1:1/2 2-3:1/2 | 0-2:1/2 1-3:1/2'
  const golden: Record<string, string> = {
    '5 1': `${pairs} | 0-4:4/5 | ${pairs}`,
    '5 3': `${four} | 0-4:4/5 | ${four}`,
    '6 1': '0-1:1/2 3-4:1/2 | 0-2:2/3 3-5:2/3 | 0-1:1/2 3-4:1/2 | 0-3:1/2 1-4:1/2 2-5:1/2',
    '7 2':
      '0-1:1/2 2-3:1/2 4-5:1/2 | 0-2:1/3 0-4:1/3 1-3:1/3 1-5:1/3 2-4:1/3 3-5:1/3 | 0-6:3/7 3-6:3/7 | ' +
      '0-1:1/3 0-2:1/3 1-2:1/3 3-4:1/3 3-5:1/3 4-5:1/3',
    '7 3': `${four} 4-5:1/3 4-6:1/3 5-6:1/3 | 0-4:4/7 1-5:4/7 2-6:4/7 | ${four}`,
  }
  for (const [of, expected] of Object.entries(golden)) {
    const [n = 0, k = 0] = of.split(' ').map(Number)
    const written = baseRounds(n, k).map((round) => {
      const edges = round.map(({ a, b, num, den }) => `${a}-${b}:${num}/${den}`)
      return edges.sort().join(' ')
    })
    assert.equal(written.join(' | '), expected, of)
  }
})

test('simple-base-2 is longer than base-2 where n is a smooth number times a prime, and never shorter', () => {
  const [base, simple] = ['base-2', 'simple-base-2'].map(topologyByName)
  const shorter = Array.from({ length: 199 }, (_, i) => i + 2).filter((n) => {
    const [own, other] = [base?.rounds(n, '').length ?? 0, simple?.rounds(n, '').length ?? 0]
    assert.ok(own <= other, `n = ${n}`)
    return own < other
  })
  assert.ok(shorter.includes(6), shorter.join(' '))
})

test('k-regular-K gives everyone K partners, one of them K - 1 where n K is odd, and is complete up to K + 1', () => {
  for (const k of [2, 3, 4, 5]) {
    for (let n = k + 1; n <= 40; n++) {
      const fewer = degrees(roundOf(`k-regular-${k}`, n, `${n}`), n).filter((degree) => degree !== k)
      assert.deepEqual(fewer, (n * k) % 2 === 1 ? [k - 1] : [], `n = ${n}, k = ${k}`)
    }
    assert.equal(roundOf(`k-regular-${k}`, k, '').length, (k * (k - 1)) / 2)
  }
})

test('small-world keeps the links of the lattice in number and rewires about as many as it says', () => {
  const lattice = new Set(roundOf('small-world-0.0001', 200).map(({ a, b }) => `${a} ${b}`))
  assert.equal(lattice.size, 400)
  const rewired = roundOf('small-world-0.3', 200)
  assert.equal(rewired.length, 400)
  const moved = rewired.filter(({ a, b }) => !lattice.has(`${a} ${b}`)).length
  assert.ok(moved > 90 && moved < 150, `${moved} of 400 moved, expected about 120`)
})

test('erdos-renyi has n ln(n) links in the mean and is connected; with P it has P of all pairs', () => {
  const mean = (name: string) =>
    Array.from({ length: 20 }, (_, seed) => roundOf(name, 64, `${seed}`).length).reduce((a, b) => a + b) / 20
  assert.ok(Math.abs(mean('erdos-renyi') / (63 * Math.log(64)) - 1) < 0.05, String(mean('erdos-renyi')))
  assert.ok(Math.abs(mean('erdos-renyi-0.5') / (0.5 * 32 * 63) - 1) < 0.03)
})

test('equitopo and one-peer-exponential have one partner a round, torus four, static-exponential 2 log2(n) - 1', () => {
  for (let seed = 0; seed < 20; seed++) assert.ok(Math.max(...degrees(roundOf('equitopo', 15, `${seed}`), 15)) === 1)
  const one = topologyByName('one-peer-exponential').rounds(16, '')
  assert.deepEqual(
    one.map((round) => round.find(({ a }) => a === 0)?.b),
    [1, 2, 4, 8],
  )
  assert.deepEqual(new Set(degrees(roundOf('torus', 12), 12)), new Set([4]))
  assert.deepEqual(new Set(degrees(roundOf('static-exponential', 16), 16)), new Set([7]))
})

test('moshpit-4 groups by one coordinate at a time: exact where the grid is full', () => {
  const { exactAfter } = topologyByName('moshpit-4')
  assert.deepEqual(
    [3, 4, 8, 16, 17, 32, 48, 64, 65].map((n) => exactAfter?.(n)),
    [1, 1, 2, 2, undefined, 3, 3, 3, undefined],
  )
})

test('topologyByName() names what it expected, and takes no other spelling', () => {
  assert.throws(() => topologyByName('mesh'), /Cannot use topology "mesh": expected one of base-K, simple-base-K, /)
  const wrong = [
    'base-1',
    'base-17',
    'base-04',
    'base-',
    'k-regular-1',
    'erdos-renyi-0',
    'erdos-renyi-2',
    'small-world-',
    '',
  ]
  for (const name of wrong) assert.throws(() => topologyByName(name), /Cannot use topology/, name)
})
