import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consensusFigure } from '../../../src/lab/report/consensus-figure.ts'
import { simulationPage } from '../../../src/lab/report/simulation-page.ts'
import { eventsOf } from './events.ts'

const facts = { name: 'churn', startedAt: '2026-05-01', seed: 's', model: 'm', rounds: 1, versions: { node: '24' } }
const session = {
  ...{ round: 1, session: 's', members: 2, sumKept: true, consensus: [1, 0.01, 0], error: 1e-6, toOptimum: 0.5 },
  ...{ results: 1, at: 3 },
}
const figures = {
  ...{ digest: 'd', events: 1, seconds: 9, unfinished: [], sessions: [session], drift: 0.1, agreed: true, finished: 1 },
  ...{ bytes: [{ round: 1, sent: 10, received: 9 }], modelled: ['<b>links</b>'] },
}

test('consensusFigure() is logarithmic: equal factors are equally far apart, and zero lies on the floor', () => {
  const figure = consensusFigure([session])
  const [, points = ''] = /points="([^"]+)"/.exec(figure) ?? []
  const heights = points.split(' ').map((point) => Number(point.split(',')[1]))
  const [one = 0, hundredth = 0, zero = 0] = heights
  // Seven decades from 1e0 to 1e-7 over the height; the floor is 2^-21.
  assert.ok(Math.abs((zero - one) / (hundredth - one) - Math.log10(2 ** 21) / 2) < 0.01, points)
  assert.match(consensusFigure([]), /Nobody averaged/)
})

test('simulationPage() needs nothing from anywhere else, escapes its texts and stands up to an empty run', () => {
  const page = simulationPage(facts, figures, eventsOf('<img onerror=x>', 'aa'))
  assert.doesNotMatch(page, /\b(src|href)=|url\(|@import|<script|https?:|<img|<b>links/)
  assert.equal(page.match(/<svg /g)?.length, 2)
  assert.match(simulationPage(facts, { ...figures, sessions: [], bytes: [] }, []), /No phases in this run/)
})
