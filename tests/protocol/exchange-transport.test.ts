/** Rules of protocols/exchange/TRANSPORT.md, over a pair of streams. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lpStream, streamPair } from '@libp2p/utils'
import { encodeExchange, exchangeBytes } from '../../protocols/exchange/codec.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import { receiveExchange, sendExchange } from '../../protocols/exchange/service.ts'

const signal = () => AbortSignal.timeout(10_000)
const limit = exchangeBytes(100_000)
const counter: ExchangeMessage = {
  type: 'counter',
  xid: 'x',
  state: Uint8Array.from({ length: 400_000 }, (_, i) => i >> 2),
}

test('EXCHANGE-T4: sendExchange() resolves once the message has been handed on', async () => {
  const [out, back] = await streamPair()
  const delivered: ExchangeMessage[] = []
  const receiving = receiveExchange(back, limit, (message) => delivered.push(message), signal())
  await sendExchange(out, encodeExchange(counter), signal())
  assert.deepEqual(delivered, [counter])
  await receiving
})

test('EXCHANGE-T4: sendExchange() rejects where the receiver failed before it handed the message on', async () => {
  const [out, back] = await streamPair()
  const fail = () => {
    throw new Error('The disk is full')
  }
  const receiving = receiveExchange(back, limit, fail, signal()).catch((error: Error) => back.abort(error))
  await assert.rejects(sendExchange(out, encodeExchange(counter), signal()), { code: 'wire.interrupted' })
  await receiving
})

test('EXCHANGE-T4: sendExchange() rejects where the stream ends without a receipt', async () => {
  const [out, back] = await streamPair()
  const receiving = lpStream(back)
    .read({ signal: signal() })
    .then(() => back.close({ signal: signal() }))
  await assert.rejects(sendExchange(out, encodeExchange({ type: 'ack', xid: 'x' }), signal()), /expected a frame/)
  await receiving
})

test('EXCHANGE-T6: sendExchange() gives up where its signal is aborted', async () => {
  const [out] = await streamPair()
  const soon = AbortSignal.timeout(50)
  await assert.rejects(sendExchange(out, encodeExchange({ type: 'ack', xid: 'x' }), soon), { name: 'TimeoutError' })
})

/** What the receiver makes of `frame`. */
async function receive(frame: Uint8Array, most = limit): Promise<ExchangeMessage[]> {
  const [out, back] = await streamPair()
  const delivered: ExchangeMessage[] = []
  const writing = lpStream(out).write(frame, { signal: signal() })
  try {
    await receiveExchange(back, most, (message) => delivered.push(message), signal())
  } finally {
    await writing.catch(() => undefined)
    for (const stream of [out, back]) stream.abort(new Error('The test is over'))
  }
  return delivered
}

test('EXCHANGE-T2: a message over the limit is refused by its length', async () => {
  await assert.rejects(receive(encodeExchange(counter), 1000), { code: 'wire.too-large', family: 'remote' })
})

test('EXCHANGE-T3: a state of any length is handed on as it is', async () => {
  // xid "x"; counter { state: 3 bytes }.
  const bytes = Uint8Array.of(0x0a, 1, 0x78, 0x1a, 5, 0x0a, 3, 1, 2, 3)
  assert.deepEqual(await receive(bytes), [{ type: 'counter', xid: 'x', state: Uint8Array.of(1, 2, 3) }])
})

test('EXCHANGE-T7, WIRE-3: a weight above one, and an unknown kind of message, are refused', async () => {
  // xid "x"; offer { session "s", num 3, den 2, scale "q" }.
  const offer = [0x0a, 1, 0x73, 0x18, 3, 0x20, 2, 0x2a, 1, 0x71]
  await assert.rejects(receive(Uint8Array.of(0x0a, 1, 0x78, 0x12, offer.length, ...offer)), /expected num/)
  // xid "x"; field 15, which no version so far has.
  await assert.rejects(receive(Uint8Array.of(0x0a, 1, 0x78, 0x7a, 0)), /expected body to be one of the seven/)
})
