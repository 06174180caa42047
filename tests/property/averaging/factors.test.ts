/** What averaging factors does to the adapters that they make (`src/lora/factoring.ts`), on small matrices in float64. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createRandom, type Random } from '../../../src/core/random.ts'

type Matrix = readonly (readonly number[])[]
interface Peer {
  /** [out, rank] and [rank, in]. */
  readonly b: Matrix
  readonly a: Matrix
  readonly weight: number
}

const matrix = (random: Random, rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()))
const times = (x: Matrix, y: Matrix): Matrix =>
  x.map((row) => (y[0] ?? []).map((_, c) => row.reduce((sum, value, k) => sum + value * (y[k]?.[c] ?? 0), 0)))
const combine = (terms: readonly (readonly [number, Matrix])[]): Matrix =>
  (terms[0]?.[1] ?? []).map((row, r) =>
    row.map((_, c) => terms.reduce((sum, [factor, m]) => sum + factor * (m[r]?.[c] ?? 0), 0)),
  )
const minus = (x: Matrix, y: Matrix): Matrix =>
  combine([
    [1, x],
    [-1, y],
  ])
const norm = (m: Matrix): number => Math.sqrt(m.flat().reduce((sum, value) => sum + value * value, 0))
const mean = (peers: readonly Peer[], of: (peer: Peer) => Matrix): Matrix =>
  combine(peers.map((peer) => [peer.weight, of(peer)]))

/** Mean of the products, minus the product of the means. */
const crossTerm = (peers: readonly Peer[]): Matrix =>
  minus(
    mean(peers, ({ b, a }) => times(b, a)),
    times(
      mean(peers, ({ b }) => b),
      mean(peers, ({ a }) => a),
    ),
  )

function draw(seed: number, n: number, rank: number, frozen?: 'a' | 'b'): Peer[] {
  const random = createRandom(seed)
  const [out, input] = [5, 7]
  const common = { b: matrix(random, out, rank), a: matrix(random, rank, input) }
  const raw = Array.from({ length: n }, () => 0.1 + random.next())
  const total = raw.reduce((sum, value) => sum + value, 0)
  return raw.map((value) => ({
    b: frozen === 'b' ? common.b : matrix(random, out, rank),
    a: frozen === 'a' ? common.a : matrix(random, rank, input),
    weight: value / total,
  }))
}

const shape = [fc.nat(), fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 4 })] as const

test('the mean of products is the product of means and the cross term, which is bounded by the spread of both', () => {
  fc.assert(
    fc.property(...shape, (seed, n, rank) => {
      const peers = draw(seed, n, rank)
      const [meanB, meanA] = [mean(peers, ({ b }) => b), mean(peers, ({ a }) => a)]
      const apart = peers.map(({ b, a, weight }) => ({
        b: minus(b, meanB),
        a: minus(a, meanA),
        weight,
      }))
      const spread = mean(apart, ({ b, a }) => times(b, a))
      const cross = crossTerm(peers)
      assert.ok(norm(minus(cross, spread)) < 1e-12 * (1 + norm(cross)))
      const bound = (of: (peer: Peer) => Matrix) =>
        Math.sqrt(apart.reduce((sum, peer) => sum + peer.weight * norm(of(peer)) ** 2, 0))
      assert.ok(norm(cross) <= bound(({ b }) => b) * bound(({ a }) => a) * (1 + 1e-12))
    }),
  )
})

test('averaging one factor is exact where the other is the same everywhere, and only there', () => {
  fc.assert(
    fc.property(...shape, fc.constantFrom('a', 'b'), (seed, n, rank, frozen) => {
      const peers = draw(seed, n, rank, frozen)
      assert.ok(norm(crossTerm(peers)) < 1e-13 * norm(mean(peers, ({ b, a }) => times(b, a))) + 1e-13)
      assert.ok(norm(crossTerm(draw(seed, n, rank))) > 1e-3)
    }),
  )
})

test('with A of a seed of its own on each of ten peers, averaged factors keep a tenth of the mean: why seeds must agree', () => {
  const ratios = Array.from({ length: 20 }, (_, seed) => {
    const peers = draw(seed, 10, 4).map((peer) => ({ ...peer, weight: 0.1 }))
    return norm(crossTerm(peers)) / norm(mean(peers, ({ b, a }) => times(b, a)))
  })
  const average = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
  assert.ok(average > 0.9, `an error of ${average}`)
})
