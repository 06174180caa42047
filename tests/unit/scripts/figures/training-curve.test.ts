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

test('trainingCurve: the name of a last, short stage stays within the picture', () => {
  const stages = [
    { lesson: 'pieces', updates: 1000, batch: 10, length: 10 },
    { lesson: 'pieces', updates: 5, batch: 10, length: 10, practice: 8 },
  ] as const
  const svg = trainingCurve([{ ...run, stages, tokens: 100_500 }])
  const [, width] = /viewBox="0 0 (\d+) /.exec(svg) ?? []
  const [, left] = />pieces<.*<text x="([\d.]+)" y="[\d.]+">practice</s.exec(svg) ?? []
  assert.ok(Number(left) + 6.5 * 'practice'.length < Number(width), `${left} of ${width}`)
})

test('trainingCurve: names of short stages do not stand on each other', () => {
  const lessons = ['change', 'relate', 'reword', 'belong', 'stride', 'pieces', 'wide', 'broad'] as const
  const stages = lessons.map((lesson) => ({ lesson, updates: 20, batch: 10, length: 10 }))
  const long = { lesson: 'all', updates: 1000, batch: 10, length: 10 } as const
  const svg = trainingCurve([{ ...run, stages: [...stages, long], tokens: 116_000 }])
  const names = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)">([a-z]+)</g)].map(([, x, y, name = '']) => {
    return { name, left: Number(x), right: Number(x) + 6.5 * name.length, y: Number(y) }
  })
  assert.ok(names.length > 3, `${names.length} names`)
  for (const one of names) {
    const on = names.filter(({ left, y }) => y === one.y && left > one.left && left < one.right)
    assert.deepEqual(on, [], one.name)
  }
})
