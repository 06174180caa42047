import assert from 'node:assert/strict'
import { test } from 'node:test'
import { practiceCurve, practised } from '../../../../scripts/figures/practice-curve.ts'

const pointsIn = (svg: string, name: string): [x: number, y: number][][] =>
  [...svg.matchAll(new RegExp(`<polyline class="${name}" points="([^"]*)"`, 'g'))].map(([, points]) =>
    (points as string).split(' ').map((pair) => pair.split(',').map(Number) as [number, number]),
  )

test('practiceCurve: a point for each share, further right by updates and higher as it rises; others are left out', () => {
  const svg = practiceCurve([
    [
      { step: 25 },
      { step: 50, right: 0.25, answered: 0.5 },
      { step: 75, right: 0.5, answered: 0.75 },
      { step: 100, right: 1, answered: 0.5 },
    ],
  ])
  const [points, ...others] = pointsIn(svg, 'lists')
  assert.deepEqual([points?.length, others], [3, []])
  const [x, y] = [(points ?? []).map(([left]) => left), (points ?? []).map(([, down]) => down)]
  // Half of the way between the axis and where everything is right.
  const [quarter, half, whole] = y as [number, number, number]
  assert.ok(Math.abs(half - (quarter - (half - whole) / 2)) < 0.2, `${y}`)
  assert.ok(Math.abs((x[1] as number) - ((x[0] as number) + (x[2] as number)) / 2) < 0.2, `${x}`)
  assert.ok(x.every((left, i) => i === 0 || left > (x[i - 1] as number)))
  const answers = pointsIn(svg, 'answers')[0] ?? []
  assert.equal(answers[0]?.[1], half)
  assert.equal(answers[2]?.[1], half)
})

test('practiceCurve: without practice there is a picture without lines, and lists alone are one line', () => {
  assert.doesNotMatch(practiceCurve([]), /<polyline/)
  assert.deepEqual(pointsIn(practiceCurve([[{ step: 1, right: 0.5 }]]), 'answers'), [])
})

test('practised: the runs that practised, each where the one before ended', () => {
  const runs = [
    { updates: 100, curve: [{ step: 100 }] },
    {
      updates: 50,
      curve: [
        { step: 25, right: 0.5 },
        { step: 50, right: 0.6 },
      ],
    },
    { updates: 20, curve: [{ step: 20, right: 0.7, answered: 0.1 }] },
  ]
  assert.deepEqual(practised(runs), [
    [
      { step: 25, right: 0.5 },
      { step: 50, right: 0.6 },
    ],
    [{ step: 70, right: 0.7, answered: 0.1 }],
  ])
})
