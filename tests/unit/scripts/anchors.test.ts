/** `npm run experiment:anchors`: what it simulates, and how it judges. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { compare } from '../../../scripts/experiments/anchors/compare.ts'
import { sizes, tables } from '../../../scripts/experiments/anchors/figures.ts'
import { type Faults, mixUnderFaults } from '../../../scripts/experiments/anchors/mixing.ts'
import { type Form, planFor } from '../../../scripts/experiments/anchors/plan.ts'
import { loopOf } from '../../../scripts/experiments/anchors/product-loop.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'

const none: Faults = { rounds: 12, leaves: 0, returns: 1, loss: 0, attempts: 1, lateCommit: 0 }
const mixed = (form: Form, name: string, n: number, faults: Partial<Faults>) =>
  mixUnderFaults(topologyByName(name), form, n, { ...none, ...faults }, 'seed')
const lastOf = (run: ReturnType<typeof mixed>) => run.errors.at(-1)?.all ?? Number.NaN

test('mixUnderFaults() is exact to the rounding where nothing fails, and moves nobody where everything is lost', () => {
  const exact = mixed('roster', 'base-4', 16, { rounds: 2 })
  assert.ok(lastOf(exact) > 0 && lastOf(exact) < 1e-7, `${lastOf(exact)}`)
  for (const share of mixed('roster', 'base-4', 16, { loss: 1 }).errors) assert.deepEqual(share, { all: 1, up: 1 })
})

test('mixUnderFaults() conserves every sum while messages are lost, peers come and go, and commits are late', () => {
  for (const [form, name] of [
    ['roster', 'base-2'],
    ['live', 'random-matching'],
    ['session', 'base-4'],
  ] as const) {
    const run = mixed(form, name, 9, { rounds: 60, leaves: 0.1, returns: 0.3, loss: 0.2, attempts: 2, lateCommit: 0.5 })
    assert.equal(run.drift, 0, name)
    assert.ok(lastOf(run) < 0.5, `${name}: ${lastOf(run)}`)
  }
})

test('mixUnderFaults() settles a late commit when both are up again', () => {
  // After the first round the initiator alone is at the mean: half of the squared distance is left.
  const { errors, drift } = mixed('roster', 'random-matching', 2, { rounds: 2, lateCommit: 1 })
  const [first, second] = errors.map(({ all }) => all)
  assert.ok(Math.abs((first ?? 0) - Math.SQRT1_2) < 1e-6, `${first}`)
  // The second round begins with the commit of the first.
  assert.ok((second ?? 1) < 1e-6, `${second}`)
  assert.equal(drift, 0)
})

test('mixUnderFaults() takes the attempts it is given', () => {
  const left = (attempts: number) => lastOf(mixed('live', 'random-matching', 32, { rounds: 10, loss: 0.3, attempts }))
  assert.ok(left(3) < 0.7 * left(1), `${left(3)}, ${left(1)}`)
})

test('loopOf() is exact while nobody goes, keeps every sum, and has who comes back pull what somebody has', () => {
  const calm = loopOf({ uptime: 1e9, schedule: 'base-4' }, 16, 'seed')
  assert.ok(calm.apart > 0 && calm.apart < 1e-6, `${calm.apart}`)
  assert.deepEqual([calm.exact, calm.drift], [1, 0])
  const mended = loopOf({ uptime: 20, schedule: 'base-4', mopUp: { over: 'random-matching', rounds: 24 } }, 16, 'seed')
  assert.ok(mended.apart < 0.01 && mended.exact < 1, `${mended.apart}`)
  const bare = loopOf({ uptime: 20, schedule: 'complete' }, 128, 'seed')
  assert.ok(
    Math.abs(bare.apart - Math.sqrt(0.05)) < 0.04,
    `one round leaves a twentieth with a bare update: ${bare.apart}`,
  )
  assert.deepEqual([mended.drift, bare.drift], [0, 0])
})

test('planFor() plans over those that are up: each round, or until the session is over', () => {
  const topology = topologyByName('base-2')
  const [some, all] = [
    [true, false, true, true, true],
    [true, true, true, true, true],
  ]
  const peersOf = (form: Form, ups: readonly boolean[][]) => {
    const plan = planFor(topology, form, 5, 'seed')
    return ups.map((up, t) => [...new Set(plan(t, up).flatMap(({ a, b }) => [a, b]))].sort())
  }
  assert.deepEqual(peersOf('live', [some, all])[0], [0, 2, 3, 4])
  // Two rounds of the four that were up at the start; the fifth is met in the five rounds of the next session.
  const met = peersOf('session', [some, all, all, all, all, all, all])
  assert.deepEqual(met.slice(0, 2), [
    [0, 2, 3, 4],
    [0, 2, 3, 4],
  ])
  assert.deepEqual([...new Set(met.slice(2).flat())].sort(), [0, 1, 2, 3, 4])
})

test('compare() asks for every run, for the draw or for a tenth at most', () => {
  const verdict = (...args: Parameters<typeof compare>) => compare(...args).verdict
  assert.equal(verdict([5, 5], '5', 'exact'), 'met')
  assert.equal(verdict([5, 6], '5', 'exact'), 'missed')
  assert.equal(verdict([10, 14], '13', 'one-of'), 'met')
  assert.equal(verdict([10, 10], '11', 'one-of'), 'missed')
  // As the ring of 32 peers, which takes 428 rounds: one draw of it took 399.
  assert.equal(verdict([419, 437], '399', 'one-of'), 'met')
  assert.equal(verdict([419, 437], '370', 'one-of'), 'missed')
  assert.equal(verdict([11, 11], '10', 'no-more'), 'met')
  assert.equal(verdict([12, 12], '10', 'no-more'), 'missed')
  assert.equal(verdict([10, 14], '10', 'no-more'), 'scatter')
  assert.equal(verdict([11, undefined], '10', 'no-more'), 'missed')
  assert.equal(verdict([11, undefined], '10*', 'no-more'), 'met')
  assert.equal(verdict([undefined], '10*', 'no-more'), 'missed')
  assert.equal(verdict([86, ...Array(15).fill(undefined)], '87*', 'no-more'), 'none')
  assert.equal(verdict([10, undefined, undefined], '10*', 'no-more'), 'none')
  assert.equal(verdict([11], '-', 'no-more'), 'none')
  assert.equal(compare([12, 13], '10', undefined).ratio, 1.25)
})

test('every row of anchors is of a topology there is, with a cell for each size and numbers that can be read', () => {
  for (const { rows, figures } of Object.values(tables)) {
    for (const { name, cells, loop } of rows) {
      const topologies =
        loop === undefined ? [name] : [loop.schedule, loop.mopUp?.over].filter((one) => one !== undefined)
      assert.ok(topologies.length > 0)
      for (const topology of topologies) assert.equal(topologyByName(topology).name, topology)
      assert.equal(cells.length, sizes.length, name)
      for (const cell of cells) {
        assert.match(cell, /^(-|\d\S*)(\/(-|\d\S*))+$/, name)
        assert.ok(cell.split('/').length <= figures.length, name)
        for (const number of cell.split('/')) assert.ok(number === '-' || Number(number.replace('*', '')) > 0, cell)
      }
    }
  }
})
