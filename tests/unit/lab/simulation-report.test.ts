import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent } from '../../../peers/events.ts'
import { asynchronousFigure } from '../../../src/lab/report/asynchronous-figure.ts'
import { consensusFigure } from '../../../src/lab/report/consensus-figure.ts'
import { simulationPage } from '../../../src/lab/report/simulation-page.ts'
import { timelineFigure } from '../../../src/lab/report/timeline-figure.ts'
import { topologyFigure } from '../../../src/lab/report/topology-figure.ts'
import { mixingsOf } from '../../../src/lab/simulation/mixings.ts'
import { run as simulated } from '../../simulation/run-scenario.ts'
import { eventsOf } from './events.ts'

const run = { name: 'churn', startedAt: '2026-05-01', seed: 's', model: 'm', rounds: 1, versions: { node: '24' } }
const facts = { ...run, peers: 1 }
const session = {
  ...{ round: 1, session: 's', members: 2, sumKept: true, consensus: [1, 0.01, 0], error: 1e-6, toOptimum: 0.5 },
  ...{ results: 1, within: true, at: 3 },
}
const figures = {
  ...{ digest: 'd', events: 1, seconds: 9, unfinished: [], sessions: [session], drift: 0.1, agreed: true, finished: 1 },
  ...{ exchanged: { codec: 'int8', bytes: 30, ends: 2, adapterBytes: 60, gathered: { states: 0, bytes: 0 } } },
  ...{ bytes: [{ round: 1, sent: 10, received: 9 }], modelled: ['<b>links</b>'], givenUp: { exchanges: 0, units: 0 } },
}
const edge = (round: number, mixing: number, name: string, other: string, outcome: 'done' | 'failed'): PeerEvent => {
  const what = { type: 'edge', round, session: 's', mixing, other, outcome } as const
  return { at: 1, peer: name, name, ...what }
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
  assert.match(page, /Exchanges in int8: 0.000 MB, which is 25.0 % of edges/)
  assert.match(simulationPage(facts, { ...figures, sessions: [], bytes: [] }, []), /No phases in this run/)
})

test('simulationPage() of members that gathered speaks of ranks, and of no sum', () => {
  const cut = { at: 99, peer: 'aa', name: 'ada', type: 'truncated', round: 1, rank: 4, discarded: 0.25 } as const
  const page = simulationPage(facts, { ...figures, sessions: [] }, [...eventsOf('ada', 'aa'), cut])
  assert.match(page, /Rank 4 discards 25\.0 % of the mean/)
  assert.match(page, /–<.*every sum kept/s)
})

for (const mixing of ['robust: median', 'robust: trimmed-mean', 'factors: svd']) {
  test(`simulationPage() with ${mixing} tells of gathering, and of no end that training has`, async () => {
    const { events, ...gathered } = await simulated(`peers: 5\nseed: gathered\nmixing: { ${mixing} }`)
    const page = simulationPage(facts, { ...gathered, events: events.length }, events)
    assert.equal(events.filter(({ type }) => type === 'averaged').length, 10)
    assert.doesNotMatch(page, /Nobody averaged|this training ends lies/)
    assert.match(page, /Members gathered the states of the others in place of exchanges, of which nothing is drawn/)
    assert.match(page, /Where training ends is not known/)
  })
}

test('simulationPage() without anybody to mix with says that nobody averaged', async () => {
  const { events, ...alone } = await simulated('peers: 1\nseed: alone\nmixing: { robust: median }')
  assert.match(simulationPage(facts, { ...alone, events: events.length }, events), /Nobody averaged/)
})

test('simulationPage() says how many faults are left out', () => {
  const at = (count: number): PeerEvent[] =>
    Array.from({ length: count }, (_, i) => {
      return { at: 1000 * i, peer: 'aa', name: 'ada', type: 'fault', fault: 'kill', detail: 'as kill -9' }
    })
  const page = simulationPage(facts, figures, at(1002))
  assert.equal(page.match(/<td>kill<\/td>/g)?.length, 1000)
  assert.match(page, /The last 2 of 1002 are left out\./)
  assert.doesNotMatch(simulationPage(facts, figures, at(1000)), /are left out/)
})

test('asynchronousFigure() and timelineFigure() write the seconds of a short run without a tail of digits', () => {
  const seconds = (figure: string) => [...figure.matchAll(/>([^<]+) s<\/text>/g)].map(([, text]) => text)
  const short = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map(String)
  assert.deepEqual(seconds(asynchronousFigure([0, 1].map((at) => ({ at, peers: 2, version: 0, consensus: 1 })))), short)
  const phase = { peer: 'aa', name: 'ada', type: 'phase', round: 1 } as const
  const events = [
    { ...phase, at: 0, phase: 'joining' },
    { ...phase, at: 1000, phase: 'leaving' },
  ] as const
  assert.deepEqual(seconds(timelineFigure(events)), short)
})

test('simulationPage() says what was sent after the last round, and what exchanges that were given up may have cost', () => {
  const bytes = [...figures.bytes, { round: null, sent: 1, received: 1 }]
  const page = simulationPage(facts, { ...figures, bytes, givenUp: { exchanges: 2, units: 43 } }, [])
  assert.match(page, /<td>after<\/td>/)
  assert.match(page, /given up unresolved: 2; .* up to 43 units of 2\^-25/)
  assert.match(simulationPage(facts, figures, []), /No exchange was given up/)
})

test('topologyFigure() draws every mixing round with its edges and peers, and picks the round without a script', () => {
  const rounds = mixingsOf([
    edge(1, 1000, 'p-1', 'p-2', 'done'),
    edge(1, 1001, 'p-1', '<p-3>', 'failed'),
    edge(2, 2000, 'p-2', 'p-1', 'done'),
  ])
  const figure = topologyFigure(rounds, ['p-1', 'p-2', '<p-3>'])
  const count = (what: RegExp): number => figure.match(what)?.length ?? 0
  assert.deepEqual([count(/<svg /g), count(/class="carried"/g), count(/class="failed"/g)], [3, 2, 1])
  assert.deepEqual([count(/class="member"/g), count(/class="absent"/g)], [3 + 3 + 2, 1])
  assert.equal(
    count(/type="radio" name="topology" id="topology-\d"( checked="checked")?\/><label for="topology-\d">/g),
    2,
  )
  assert.equal(count(/checked="checked"/g), 1)
  assert.match(figure, /step 2: 0 carried, 1 failed/)
  assert.match(figure, /mop-up 1, step 1: 1 carried</)
  assert.match(figure, /p-1 - |&#60;p-3&#62; - p-1: failed, no reason/)
  assert.doesNotMatch(figure, /<p-3>|<script/)
})

test('topologyFigure() says what it does not draw', () => {
  assert.match(topologyFigure([], []), /Nobody averaged/)
  const rounds = mixingsOf([edge(1, 1000, 'a', 'b', 'done')])
  const many = Array.from({ length: 600 }, (_, i) => `p${i}`)
  assert.match(topologyFigure(rounds, many), /Not drawn: more than 512 peers/)
})
