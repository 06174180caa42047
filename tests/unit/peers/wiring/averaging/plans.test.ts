import assert from 'node:assert/strict'
import test from 'node:test'
import { createPlans, planOf } from '../../../../../peers/wiring/averaging/plans.ts'
import { base } from '../../../../../src/averaging/topologies/base.ts'

test('planOf() gives each member its partners as the rounds have them, with the same weight at both ends', () => {
  for (const n of [2, 5, 23]) {
    const order = Array.from({ length: n }, (_, i) => `p${i}`)
    const rounds = base(4).rounds(n, 's')
    const plan = planOf(order, rounds)
    for (const [i, round] of rounds.entries()) {
      const edges = order.flatMap((peer) =>
        [...plan.partners(peer, i)].map(([other, weight]) => {
          assert.deepEqual(plan.partners(other, i).get(peer), weight)
          return [peer, other].sort().join()
        }),
      )
      assert.deepEqual(edges.length, 2 * round.length)
      assert.deepEqual(new Set(edges), new Set(round.map(({ a, b }) => [order[a], order[b]].sort().join())))
    }
  }
})

test('planOf() knows the weight of each member, and nothing of others', () => {
  const plan = planOf(['a', 'b'], [[{ a: 0, b: 1, num: 1, den: 2 }]], [0.5, 1])
  assert.deepEqual(
    [plan.share('a'), plan.share('b'), plan.partners('x', 0).size, plan.partners('a', 7).size],
    [0.5, 1, 0, 0],
  )
})

test('createPlans() works the same thing out once, and remembers the last eight', () => {
  const plans = createPlans()
  let worked = 0
  const ask = (name: string) =>
    plans.of(name, () => {
      worked += 1
      return name
    })
  for (const name of ['a', 'a', 'b', 'a']) assert.equal(ask(name), name)
  assert.equal(worked, 2)
  for (let i = 0; i < 8; i++) ask(`more ${i}`)
  assert.equal(ask('a'), 'a')
  assert.equal(worked, 11)
})
