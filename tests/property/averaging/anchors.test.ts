/** Rounds until a thousandth of the disagreement is left and nothing is lost, beside published and computed figures. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { roundsTo } from '../../../src/averaging/measure.ts'
import { secondEigenvalue } from '../../../src/averaging/spectrum.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'

const sizes = [8, 16, 32]

/** The mean over as many draws. */
function rounds(name: string, n: number, draws = 1): number {
  const topology = topologyByName(name)
  const counts = Array.from({ length: draws }, (_, seed) => roundsTo(1e-3, topology.schedule(n, `${seed}`), n) ?? NaN)
  return counts.reduce((a, b) => a + b) / draws
}

test('schedules that are exact, and the star, need the anchor rounds to the round', () => {
  const anchors: Record<string, number[]> = {
    'base-2': [3, 4, 5],
    'base-4': [2, 2, 3],
    'one-peer-exponential': [3, 4, 5],
    complete: [1, 1, 1],
    star: [52, 107, 218],
  }
  for (const [name, expected] of Object.entries(anchors)) {
    const measured = sizes.map((n) => rounds(name, n))
    assert.deepEqual(measured, expected, name)
  }
})

test('ring, torus and star need what their spectra say, to the round', () => {
  const turn = (k: number, n: number) => Math.cos((2 * Math.PI * k) / n)
  const all = (n: number) => Array.from({ length: n }, (_, k) => k)
  const spectra: Record<string, (n: number) => number[]> = {
    ring: (n) => all(n).map((k) => 1 / 3 + (2 / 3) * turn(k, n)),
    // 4 x 4 and 4 x 8.
    torus: (n) => all(n).map((k) => 1 / 5 + (2 / 5) * (turn(k % 4, 4) + turn(Math.floor(k / 4), n / 4))),
    star: (n) => [1, 0, ...all(n - 2).map(() => 1 - 1 / n)],
  }
  for (const [name, spectrum] of Object.entries(spectra)) {
    for (const n of [16, 32]) {
      const others = spectrum(n).filter((value) => value < 1 - 1e-12)
      const left = (t: number) => Math.sqrt(others.reduce((sum, value) => sum + value ** (2 * t), 0) / (n - 1))
      let expected = 0
      while (left(expected) > 1e-3) expected += 1
      assert.equal(rounds(name, n), expected, `${name}, n = ${n}`)
    }
  }
})

test('ring and torus are within a tenth of the anchor, which is measured on 16 starting values instead of all', () => {
  const anchors: Record<string, number[]> = { ring: [29, 116, 399], torus: [10, 13, 44] }
  for (const [name, expected] of Object.entries(anchors)) {
    for (const [i, n] of sizes.entries()) {
      const [measured, anchor] = [rounds(name, n), expected[i] as number]
      assert.ok(Math.abs(measured / anchor - 1) < 0.1, `${name}, n = ${n}: ${measured}, not ${anchor}`)
    }
  }
})

test('drawn topologies are near the anchor: a fifth off at most, a third with eight peers, where draws differ most', () => {
  const anchors: Record<string, number[]> = {
    'small-world': [12, 40, 99],
    'erdos-renyi': [24, 29, 30],
    'k-regular-4': [8, 18, 29],
    'random-matching': [11, 18, 19],
    equitopo: [13, 21, 22],
    'epidemic-4': [6, 8, 8],
    'random-cliques-4': [3, 8, 10],
  }
  for (const [name, expected] of Object.entries(anchors)) {
    for (const [i, n] of sizes.entries()) {
      const [measured, anchor] = [rounds(name, n, 10), expected[i] as number]
      const allowed = n === 8 ? 0.34 : 0.2
      assert.ok(Math.abs(measured / anchor - 1) <= allowed, `${name}, n = ${n}: ${measured}, not ${anchor}`)
    }
  }
})

test('random graphs have about the published second eigenvalues', () => {
  const anchors: Record<string, number[]> = {
    'small-world': [0.86, 0.945],
    'erdos-renyi': [0.815, 0.815],
    'k-regular-4': [0.73, 0.83],
    'k-regular-6': [0.55, 0.67],
  }
  for (const [name, expected] of Object.entries(anchors)) {
    const { graph } = topologyByName(name)
    for (const [i, n] of [16, 32].entries()) {
      const values = Array.from({ length: 20 }, (_, seed) => secondEigenvalue(graph?.(n, `${seed}`) ?? [], n))
      const [mean, anchor] = [values.reduce((a, b) => a + b) / 20, expected[i] as number]
      assert.ok(Math.abs(mean - anchor) < 0.03, `${name}, n = ${n}: ${mean}, not ${anchor}`)
    }
  }
})
