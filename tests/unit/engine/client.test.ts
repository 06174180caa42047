import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FedpitError } from '../../../src/core/errors.ts'
import { connectEngine } from '../../../src/engine/client.ts'
import type { Engine } from '../../../src/engine/contract.ts'
import { hostEngine } from '../../../src/engine/host.ts'
import type { Channel, FromEngine, ToEngine } from '../../../src/engine/protocol.ts'
import { arithmeticTraining, createArithmeticEngine } from '../../fixtures/arithmetic-engine.ts'

/** Two ends that clone what passes, as processes do. */
function connect(engine: Engine) {
  const toHost: Receivers<ToEngine> = []
  const toClient: Receivers<FromEngine> = []
  const pass = <T>(receivers: Receivers<T>, message: T) => {
    const clone = structuredClone(message)
    queueMicrotask(() => {
      for (const receiver of receivers) receiver.message(clone)
    })
  }
  const end = <Out, In>(out: Receivers<Out>, incoming: Receivers<In>): Channel<Out, In> => ({
    send: (message) => pass(out, message),
    receive: (receiver) => {
      incoming.push(receiver)
      return () => incoming.splice(incoming.indexOf(receiver), 1)
    },
  })
  hostEngine(engine, end(toClient, toHost))
  const client = connectEngine(end(toHost, toClient))
  return { client, cut: (reason: string) => toClient.forEach((receiver) => void receiver.closed(reason)) }
}
type Receivers<T> = Parameters<Channel<never, T>['receive']>[0][]

test('connectEngine() gives what the engine gives, with progress on the way', async () => {
  const { client } = connect(createArithmeticEngine(0))
  const steps: number[] = []
  const result = await client.train(arithmeticTraining(3), undefined, (event) => steps.push(event.step))
  assert.deepEqual(steps, [1, 2, 3])
  assert.deepEqual(result.adapter.parameters, Float32Array.of(3, 3, 3, 3))
  assert.deepEqual(await client.tokenize(['four']), [[4]])
})

test('connectEngine() brings errors over with code, family and detail', async () => {
  const { client } = connect(createArithmeticEngine(0))
  await assert.rejects(client.open({ path: '', device: 'cpu', decode: 'f32', threads: 1 }), (error) => {
    assert.ok(error instanceof FedpitError)
    assert.deepEqual(error.detail, { family: 'input', code: 'model.missing', at: 1 })
    assert.match(error.message, /^Cannot open a model/)
    return true
  })
})

test('connectEngine() reports an unexpected error of the engine as a bug with its stack', async () => {
  const broken: Engine = {
    ...createArithmeticEngine(0),
    score: async () => {
      throw new TypeError('odd')
    },
  }
  await assert.rejects(connect(broken).client.score({ samples: [] }), /TypeError: odd\n\s+at /)
})

test('connectEngine() stops within one update when aborted, and the next call is served', async () => {
  const { client } = connect(createArithmeticEngine(1))
  const abort = new AbortController()
  const steps: number[] = []
  const training = client.train(arithmeticTraining(1000), abort.signal, ({ step }) => {
    steps.push(step)
    if (step === 3) abort.abort(new Error('enough'))
  })
  await assert.rejects(training, /enough/)
  assert.ok(steps.length <= 5, `${steps.length} updates`)
  assert.deepEqual(await client.tokenize(['a']), [[1]])
})

test('hostEngine() serves one request at a time, in order', async () => {
  const { client } = connect(createArithmeticEngine(0))
  const order: string[] = []
  await Promise.all([
    client.train(arithmeticTraining(5)).then(() => order.push('train')),
    client.tokenize(['x']).then(() => order.push('tokenize')),
  ])
  assert.deepEqual(order, ['train', 'tokenize'])
})

test('connectEngine() rejects what is under way, and all that comes later, when the channel closes', async () => {
  const { client, cut } = connect(createArithmeticEngine(1))
  const training = client.train(arithmeticTraining(1000))
  cut('SIGKILL')
  await assert.rejects(training, { code: 'engine.died' })
  await assert.rejects(client.tokenize(['a']), /it is gone \(SIGKILL\)/)
})
