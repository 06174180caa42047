import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { distanceOf, drawQuadratic, fixedPoint, flow, optimum } from '../../../../src/lab/simulation/quadratic.ts'

const objectives = Array.from({ length: 5 }, (_, i) => drawQuadratic(8, 0.5, createRandom(i)))
const weights = [1, 0.5, 0.25, 1, 0.1]

test('optimum() is where the weighted gradients cancel', () => {
  const best = optimum(objectives, weights)
  for (const [c, x] of best.entries()) {
    const gradient = objectives.reduce((sum, { centre, curvature }, i) => {
      return sum + (weights[i] as number) * (curvature[c] as number) * (x - (centre[c] as number))
    }, 0)
    assert.ok(Math.abs(gradient) < 1e-12, `gradient ${gradient}`)
  }
})

test('flow() solves dx/dt = -h (x - c): two steps of a half are one of one, and a long one ends at the own optimum', () => {
  const [objective] = objectives
  assert.ok(objective)
  const start = new Float64Array(8).fill(1)
  const twice = flow(objective, flow(objective, start, 0.5), 0.5)
  assert.ok(distanceOf(twice, flow(objective, start, 1)) < 1e-6)
  assert.ok(distanceOf(flow(objective, start, 100), objective.centre) < 1e-6)
})

test('fixedPoint() stays where it is under flow and weighted averaging, and is the optimum for short flows only', () => {
  const point = fixedPoint(objectives, weights, 1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const moved = objectives.map((objective) => flow(objective, point, 1))
  const mean = point.map((_, c) =>
    moved.reduce((sum, x, i) => sum + ((weights[i] as number) * (x[c] as number)) / total, 0),
  )
  assert.ok(distanceOf(mean, point) < 1e-6)
  const best = optimum(objectives, weights)
  assert.ok(distanceOf(point, best) > 0.01)
  assert.ok(distanceOf(fixedPoint(objectives, weights, 1e-6), best) < 1e-4)
})
