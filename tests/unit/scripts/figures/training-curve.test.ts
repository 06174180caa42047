import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trainingCurve } from '../../../../scripts/figures/training-curve.ts'

const point = (step: number, loss: number, heldOut: number) => ({
  step,
  tokens: step * 100,
  seconds: step,
  loss,
  heldOut,
})
const run = {
  stages: [
    { lesson: 'copy', updates: 100, batch: 10, length: 10 },
    { lesson: 'all', updates: 300, batch: 10, length: 10 },
  ],
  tokens: 20_000,
  curve: [point(50, 4, 5), point(100, 2, 4.5), point(200, 1, 4)],
} as const

const pointsOf = (svg: string, name: string): number[][] =>
  (new RegExp(`<polyline class="${name}" points="([^"]*)"`).exec(svg)?.[1] ?? '')
    .split(' ')
    .map((pair) => pair.split(',').map(Number))

test('trainingCurve: both losses have a point for each of the run, further right and lower as they are', () => {
  const svg = trainingCurve([run])
  const [training, heldOut] = [pointsOf(svg, 'training'), pointsOf(svg, 'heldOut')]
  assert.deepEqual([training.length, heldOut.length], [3, 3])
  for (const line of [training, heldOut]) {
    const [x, y] = [line.map(([left]) => left as number), line.map(([, down]) => down as number)]
    assert.deepEqual(
      x,
      [...x].sort((a, b) => a - b),
    )
    assert.deepEqual(
      y,
      [...y].sort((a, b) => a - b),
      'a lower loss is further down',
    )
  }
  for (const [i, [, down]] of training.entries()) assert.ok((down as number) > (heldOut[i]?.[1] as number))
})

test('trainingCurve: names the stages that the run has reached', () => {
  assert.match(trainingCurve([run]), />copy<.*>all</s)
  assert.doesNotMatch(trainingCurve([{ ...run, tokens: 10_000 }]), />all</)
})

test('trainingCurve: a second run goes on where the first ended', () => {
  const whole = { ...run, tokens: 40_000 }
  const svg = trainingCurve([whole, whole])
  assert.equal(svg.match(/>copy</g)?.length, 2)
  const right = pointsOf(svg, 'training').map(([x]) => x as number)
  assert.deepEqual(
    right,
    [...right].sort((a, b) => a - b),
  )
  assert.equal(new Set(right).size, 6)
})

test('trainingCurve: holds nothing that is not a number', () => {
  assert.doesNotMatch(trainingCurve([run]), /NaN|Infinity|undefined/)
})
