import assert from 'node:assert/strict'
import { test } from 'node:test'
import { practiceCurve } from '../../../../scripts/figures/practice-curve.ts'

test('practiceCurve: a point for each share, further right by updates and higher as it rises; others are left out', () => {
  const svg = practiceCurve([
    { step: 25 },
    { step: 50, right: 0.25 },
    { step: 75, right: 0.5 },
    { step: 100, right: 1 },
  ])
  const points = (/<polyline points="([^"]*)"/.exec(svg)?.[1] ?? '')
    .split(' ')
    .map((pair) => pair.split(',').map(Number))
  const [x, y] = [points.map(([left]) => left as number), points.map(([, down]) => down as number)]
  assert.equal(points.length, 3)
  // Half of the way between the axis and where everything is right.
  const [quarter, half, whole] = y as [number, number, number]
  assert.ok(Math.abs(half - (quarter - (half - whole) / 2)) < 0.2, `${y}`)
  assert.ok(Math.abs((x[1] as number) - ((x[0] as number) + (x[2] as number)) / 2) < 0.2, `${x}`)
  assert.ok(x.every((left, i) => i === 0 || left > (x[i - 1] as number)))
})

test('practiceCurve: without practice there is a picture without points', () => {
  assert.match(practiceCurve([{ step: 25 }]), /<polyline points=""/)
})
