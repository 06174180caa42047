import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareEngine } from '../../../src/engine/share.ts'
import { arithmeticTraining, createArithmeticEngine } from '../../fixtures/arithmetic-engine.ts'

const model = { path: 'm', device: 'cpu', decode: 'f32', threads: 1 } as const

test('shareEngine() lets peers take turns', async () => {
  const shared = shareEngine(createArithmeticEngine(0))
  const order: string[] = []
  const ask = (peer: string, n: number) =>
    Array.from({ length: n }, () =>
      shared
        .for(peer)
        .train(arithmeticTraining(2))
        .then(() => order.push(peer)),
    )
  await Promise.all([...ask('a', 4), ...ask('b', 2), ...ask('c', 1)])
  assert.deepEqual(order, ['a', 'b', 'c', 'a', 'b', 'a', 'a'])
})

test('shareEngine() never runs two requests at once', async () => {
  let running = 0
  const engine = createArithmeticEngine(0)
  const shared = shareEngine({
    ...engine,
    train: async (...args) => {
      running += 1
      assert.equal(running, 1)
      const result = await engine.train(...args)
      running -= 1
      return result
    },
  })
  await Promise.all(['a', 'b', 'c', 'd'].map((peer) => shared.for(peer).train(arithmeticTraining(3))))
})

test('shareEngine() opens one model once and refuses another', async () => {
  let opens = 0
  const engine = createArithmeticEngine(0)
  const shared = shareEngine({
    ...engine,
    open: (...args) => {
      opens += 1
      return engine.open(...args)
    },
  })
  await Promise.all(['a', 'b'].map((peer) => shared.for(peer).open(model)))
  assert.equal(opens, 1)
  await assert.rejects(shared.for('c').open({ ...model, path: 'other' }), { code: 'engine.other-model' })
})

test('a waiting request that is aborted, or whose peer closes, is rejected at once and never run', async () => {
  const shared = shareEngine(createArithmeticEngine(1))
  const first = shared.for('a').train(arithmeticTraining(20))
  const abort = new AbortController()
  const aborted = shared.for('b').train(arithmeticTraining(1), abort.signal)
  const closed = shared.for('c').train(arithmeticTraining(1))
  abort.abort(new Error('changed my mind'))
  await shared.for('c').close()
  await assert.rejects(aborted, /changed my mind/)
  await assert.rejects(closed, { code: 'engine.closed' })
  assert.equal((await first).losses.length, 20)
})

test('a request that fails does not stop the ones behind it', async () => {
  const shared = shareEngine(createArithmeticEngine(0))
  const failing = shared.for('a').open({ ...model, path: '' })
  const next = shared.for('b').open(model)
  await assert.rejects(failing, { code: 'model.missing' })
  assert.equal((await next).name, 'm')
})

test('training goes on turn by turn where others wait, and ends as if it had had one', async () => {
  const shared = shareEngine(createArithmeticEngine(1), 4)
  const order: string[] = []
  const steps: number[] = []
  const long = shared.for('a').train(arithmeticTraining(40), undefined, ({ step }) => steps.push(step))
  const others = ['b', 'c'].map((peer) =>
    shared
      .for(peer)
      .tokenize(['x'])
      .then(() => order.push(peer)),
  )
  const result = await long.then((value) => {
    order.push('a')
    return value
  })
  await Promise.all(others)
  assert.deepEqual(order, ['b', 'c', 'a'])
  assert.deepEqual(
    steps,
    Array.from({ length: 40 }, (_, i) => i + 1),
  )
  assert.deepEqual(result, await createArithmeticEngine(0).train(arithmeticTraining(40)))
})

test('training that is aborted between two turns is rejected at once', async () => {
  const shared = shareEngine(createArithmeticEngine(5), 0)
  const abort = new AbortController()
  const training = shared.for('a').train(arithmeticTraining(1000), abort.signal)
  const other = shared.for('b').train(arithmeticTraining(8), undefined, ({ step }) => {
    if (step === 3) abort.abort(new Error('enough'))
  })
  await assert.rejects(training, /enough/)
  assert.equal((await other).losses.length, 8)
})
