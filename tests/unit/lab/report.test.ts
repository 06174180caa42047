import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomesOf } from '../../../src/lab/outcome.ts'
import { lossFigure } from '../../../src/lab/report/loss-figure.ts'
import { reportPage } from '../../../src/lab/report/page.ts'
import { ticks } from '../../../src/lab/report/svg.ts'
import { eventsOf } from './events.ts'

const run = { name: 'start', startedAt: '2026-05-01', seed: 's', model: 'm', rounds: 1, versions: { node: '24' } }
const facts = { ...run, peers: 2 }

test('reportPage() needs nothing from anywhere else', () => {
  const page = reportPage(facts, [...eventsOf('ada', 'aa'), ...eventsOf('bob', 'aa')])
  assert.doesNotMatch(page, /\b(src|href)=|url\(|@import|<script|https?:/)
  assert.equal(page.match(/<svg /g)?.length, 3, 'a loss chart for each peer and the timeline')
})

test('reportPage() counts the peers that came to their end where some did not', () => {
  const all = [...eventsOf('ada', 'aa'), ...eventsOf('bob', 'aa')]
  assert.match(reportPage(facts, all), /yes<.*>all peers hold the same global adapter</)
  const killed = eventsOf('cyd', 'bb').filter(({ at }) => at < 7500)
  const page = reportPage({ ...facts, peers: 3 }, [...all, ...killed])
  assert.match(page, /yes<.*>2 of 3 peers came to their end; all of those hold the same global adapter</)
})

test('reportPage() says what ranks discard, where adapters were cut', () => {
  const plain = eventsOf('ada', 'aa')
  const cut = { at: 99, peer: 'aa', name: 'ada', type: 'truncated', round: 1, rank: 4, discarded: 0.25 } as const
  assert.match(reportPage(facts, [...plain, cut]), /discarded.*25\.0 %/s)
  assert.doesNotMatch(reportPage(facts, plain), /discarded/)
})

test('reportPage() escapes what peers call themselves', () => {
  const page = reportPage(facts, eventsOf('<img onerror=x>', 'aa'))
  assert.doesNotMatch(page, /<img/)
})

test('reportPage() stands up to a run that came to nothing', () => {
  assert.match(reportPage(facts, []), /No phases in this run/)
})

for (const rounds of [1, 3, 5, 12, 300]) {
  test(`lossFigure() numbers few enough of ${rounds} rounds for all to be read`, () => {
    const history = [0, rounds].map((round) => ({ round, adapter: 'local', loss: 2, rougeL: 0 }) as const)
    const outcomes = outcomesOf(eventsOf('ada', 'aa')).map((outcome) => ({ ...outcome, history }))
    const tick = /<text class="tick" x="([\d.]+)" y="\d+" text-anchor="(\w+)">([^<]+)</g
    const labels = [...lossFigure(outcomes).matchAll(tick)].map(([, x, anchor, text = '']) => {
      const width = 6 * text.length
      const end = Number(x) + (anchor === 'end' ? 0 : width / 2)
      return { text, begin: end - width, end }
    })
    for (const [i, { begin, text }] of labels.slice(1).entries()) {
      const gap = begin - (labels[i]?.end ?? 0)
      assert.ok(gap >= 6, `${gap} between ${labels[i]?.text} and ${text}`)
    }
    assert.equal(labels[0]?.text, '0')
    assert.equal(labels.at(-1)?.text, `round ${rounds}`)
  })
}

test('ticks() are round numbers inside the interval', () => {
  assert.deepEqual(ticks(0, 10, 5), [0, 2, 4, 6, 8, 10])
  assert.deepEqual(ticks(1.93, 3.07, 4), [2, 2.5, 3])
  assert.deepEqual(ticks(2, 2, 4), [2])
  // Three times 0.2 is 0.6000000000000001.
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1])
})
