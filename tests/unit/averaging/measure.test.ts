import assert from 'node:assert/strict'
import test from 'node:test'
import { diameter } from '../../../src/averaging/diameter.ts'
import { factsOf, roundsFor } from '../../../src/averaging/facts.ts'
import { measuredContraction, roundsTo } from '../../../src/averaging/measure.ts'
import { edge } from '../../../src/averaging/schedule.ts'
import { secondEigenvalue } from '../../../src/averaging/spectrum.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'

test('roundsTo() counts on drawn starting values about what all starting values give', () => {
  // More than 128 peers are measured on 64 columns; the spectrum of the star is known.
  const n = 150
  const expected = Math.ceil((Math.log(1e-3) - 0.5 * Math.log((n - 2) / (n - 1))) / Math.log(1 - 1 / n))
  const measured = roundsTo(1e-3, topologyByName('star').schedule(n, ''), n) ?? 0
  assert.ok(Math.abs(measured - expected) <= 2, `${measured}, not ${expected}`)
})

test('roundsTo() gives up at its limits, and needs none for one peer', () => {
  const ring = topologyByName('ring').schedule(16, '')
  assert.equal(roundsTo(1e-3, ring, 16, { mostRounds: 113 }), undefined)
  assert.equal(roundsTo(1e-3, ring, 16, { mostRounds: 114 }), 114)
  assert.equal(roundsTo(1e-3, ring, 16, { mostWork: 1000 }), undefined)
  assert.equal(
    roundsTo(1e-3, () => [], 1),
    0,
  )
})

test('measuredContraction() is the root mean square over the orders of places', () => {
  // One pair of n averages: of the n - 1 directions of disagreement one is gone.
  const pair = { ...topologyByName('complete'), schedule: () => () => [edge(0, 1, 1, 2)] }
  assert.ok(Math.abs(measuredContraction(pair, 10, 1, ['a']) - Math.sqrt(8 / 9)) < 1e-12)
  assert.equal(measuredContraction(topologyByName('base-4'), 10, 4, ['a']), 0)
})

test('secondEigenvalue() finds the largest magnitude, also where it is negative or belongs to a part apart', () => {
  assert.ok(Math.abs(secondEigenvalue([edge(0, 1, 9, 10)], 2) - 0.8) < 1e-9)
  assert.ok(Math.abs(secondEigenvalue([edge(0, 1, 1, 2), edge(2, 3, 1, 2)], 4) - 1) < 1e-9)
  assert.ok(secondEigenvalue([edge(0, 1, 1, 2)], 2) < 1e-9)
  assert.ok(Math.abs(secondEigenvalue([], 5) - 1) < 1e-9)
})

test("secondEigenvalue() has the ring's value for 300 peers", () => {
  const round = topologyByName('ring').graph?.(300, '') ?? []
  assert.ok(Math.abs(secondEigenvalue(round, 300) - (1 / 3 + (2 / 3) * Math.cos((2 * Math.PI) / 300))) < 1e-9)
})

test('diameter() is that of the graph, or the rounds until all have heard of all', () => {
  const of = (name: string, n: number) => diameter(topologyByName(name).schedule(n, 's'), n)
  assert.deepEqual(
    [of('ring', 9), of('ring', 70), of('star', 40), of('complete', 40), of('torus', 16), of('base-2', 16)],
    [4, 35, 2, 1, 4, 4],
  )
  assert.equal(
    diameter(() => [edge(0, 1, 1, 2)], 3),
    undefined,
  )
  assert.equal(
    diameter(() => [], 1),
    0,
  )
})

test('diameter() waits until every graph of a file has had its turn', () => {
  const turns = 96
  const path = [edge(0, 1, 1, 2), edge(1, 2, 1, 2), edge(2, 3, 1, 2)]
  // Three times round: in each turn of the path, the last of all, a word goes one step on.
  assert.equal(
    diameter((t) => (t % turns === turns - 1 ? path : []), 4),
    3 * turns,
  )
})

test('factsOf() says of a ring of eight what is known of it', () => {
  const { rounds, contraction, ...facts } = factsOf(topologyByName('ring'), 8, '1')
  assert.deepEqual(facts, {
    degree: { most: 2, mean: 2 },
    diameter: 4,
    contractionOf: 'graph',
    contractionIsBound: false,
    exactAfter: undefined,
    predicted: 32,
    measured: 29,
  })
  assert.equal(rounds.length, 29)
  assert.ok(Math.abs(contraction - 0.8047378541) < 1e-9)
})

test('factsOf() predicts drawn rounds by their formula and exact ones by their promise', () => {
  const matching = factsOf(topologyByName('random-matching'), 16, '1')
  assert.equal(matching.predicted, roundsFor(Math.sqrt(1 - 16 / 30)))
  assert.equal(matching.contractionOf, 'sessions')
  assert.ok(Math.abs(matching.contraction - Math.sqrt(1 - 16 / 30)) < 0.05, String(matching.contraction))
  const base = factsOf(topologyByName('base-4'), 10, '1')
  assert.deepEqual([base.predicted, base.measured, base.exactAfter, base.contraction], [4, 4, 4, 0])
  const apart = factsOf(topologyByName('erdos-renyi-0.0001'), 8, '1')
  assert.deepEqual([apart.predicted, apart.measured, apart.diameter], [undefined, undefined, undefined])
})

test('factsOf() takes the formula for a graph that has one, and says so where the spectrum is a bound', () => {
  const ring = factsOf(topologyByName('ring'), 600, '1', 1e6)
  assert.ok(Math.abs(ring.contraction - (1 / 3 + (2 / 3) * Math.cos((2 * Math.PI) / 600))) < 1e-15)
  assert.equal(ring.contractionIsBound, false)
  assert.equal(ring.measured, undefined)
  assert.equal(factsOf(topologyByName('k-regular-4'), 401, '1').contractionIsBound, true)
})
