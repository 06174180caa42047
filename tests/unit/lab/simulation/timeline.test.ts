import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { drawChurn, readTrace, type Timed, timelineOf } from '../../../../src/lab/simulation/timeline.ts'

const told = (timeline: readonly Timed[]): string[] =>
  timeline.map(({ at, fault }) => `${at} ${fault.type} ${'peer' in fault ? fault.peer : ''}`.trimEnd())

test('timelineOf() starts everybody but those whose first step is to join, and undoes what lasts', () => {
  const timeline = timelineOf(
    ['a', 'b', 'c'],
    [],
    [
      { at: 9, fault: 'join', peers: ['a'] },
      { at: 5, fault: 'kill', peers: ['a'] },
      { at: 7, fault: 'join', peers: ['c'] },
      { at: 1, fault: 'partition', groups: [['a'], ['b']], for: 2 },
      { at: 2, fault: 'pause', peers: ['b'], for: 3 },
    ],
  )
  const expected = [
    '0 start a',
    '0 start b',
    '1 partition',
    '2 pause b',
    '3 heal',
    '5 kill a',
    '5 resume b',
    '7 start c',
    '9 start a',
  ]
  assert.deepEqual(told(timeline), expected)
})

test('timelineOf() of a trace whose first line of a peer is up starts that peer then', () => {
  const of = (trace: string) => told(timelineOf(['a', 'b'], readTrace(trace, 'x.csv', ['a', 'b']), []))
  assert.deepEqual(of('50,b,up\n80,b,down'), ['0 start a', '50 start b', '80 kill b'])
  assert.deepEqual(of('80,b,down\n50,b,up'), ['0 start a', '50 start b', '80 kill b'])
  assert.deepEqual(of('0,b,up\n50,b,down\n80,b,up'), ['0 start a', '0 start b', '50 kill b', '80 start b'])
  assert.deepEqual(of('50,b,down\n80,b,up'), ['0 start a', '0 start b', '50 kill b', '80 start b'])
})

test('timelineOf() starts nobody who is down from the beginning, and kills nobody then', () => {
  const of = (trace: string) => told(timelineOf(['a', 'b'], readTrace(trace, 'x.csv', ['a', 'b']), []))
  assert.deepEqual(of('0,b,down\n50,b,up\n80,b,down'), ['0 start a', '50 start b', '80 kill b'])
  assert.deepEqual(of('0,b,down\n0,b,up\n0,b,down\n9,b,up'), ['0 start a', '0 start b', '0 kill b', '9 start b'])
  const night = drawChurn({ model: 'diurnal', periodSeconds: 10, up: 0, until: 100 }, ['a'], createRandom('churn'))
  assert.deepEqual(told(timelineOf(['a'], night, [])), ['100 start a'])
})

for (const [model, mean] of [
  [{ model: 'exponential', upSeconds: 300, downSeconds: 100, until: 1e6 }, 0.75],
  [{ model: 'weibull', upSeconds: 300, downSeconds: 100, shape: 0.5, until: 4e6 }, 0.75],
  [{ model: 'diurnal', periodSeconds: 1000, up: 0.7, until: 1e5 }, 0.7],
] as const) {
  test(`drawChurn() of the model ${model.model}: each peer turns in order, is up for its share, and up in the end`, () => {
    const peers = Array.from({ length: 20 }, (_, i) => `p${i}`)
    const churn = drawChurn(model, peers, createRandom('churn'))
    assert.deepEqual(churn, drawChurn(model, peers, createRandom('churn')))
    let up = 0
    for (const peer of peers) {
      const own = churn.filter(({ fault }) => 'peer' in fault && fault.peer === peer)
      assert.deepEqual(
        new Set(own.map(({ fault }, i) => fault.type === (i % 2 === 0 ? 'kill' : 'start'))),
        new Set([true]),
      )
      assert.equal(own.at(-1)?.fault.type, 'start')
      const times = [0, ...own.map(({ at }) => at), model.until]
      for (let i = 0; i + 1 < times.length; i += 2) up += (times[i + 1] as number) - (times[i] as number)
    }
    const share = up / (peers.length * model.until)
    assert.ok(Math.abs(share - mean) < 0.03, `up for ${share}`)
  })
}

test('drawChurn() of days without a night turns nobody, and of nights without a day keeps all down to the end', () => {
  const of = (up: number) =>
    told(drawChurn({ model: 'diurnal', periodSeconds: 10, up, until: 100 }, ['a'], createRandom('churn')))
  assert.deepEqual(of(1), [])
  assert.deepEqual(of(0), ['0 kill a', '100 start a'])
})

test('drawChurn() refuses more turns than it could keep', () => {
  const endless = { model: 'exponential', upSeconds: 0.001, downSeconds: 0.001, until: 1e8 } as const
  assert.throws(() => drawChurn(endless, ['a', 'b'], createRandom('churn')), { code: 'churn.turns' })
})

test('readTrace() reads lines of time, peer and state, and names the line that is none', () => {
  const timeline = readTrace('# a trace\n\n1.5,a,down\n 4 , a , up\r\n', 'x.csv', ['a'])
  assert.deepEqual(told(timeline), ['1.5 kill a', '4 start a'])
  for (const line of ['1,b,up', '1,a,sideways', '-1,a,up', 'soon,a,up']) {
    assert.throws(() => readTrace(`1,a,up\n${line}`, 'x.csv', ['a']), { code: 'trace.line', message: /x\.csv, line 2/ })
  }
})
