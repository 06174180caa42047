/** One exchange message per stream, acknowledged once it has been handed on (TRANSPORT.md). */
import { create, toBinary } from '@bufbuild/protobuf'
import type { Stream } from '@libp2p/interface'
import { parse } from '../wire/parse.ts'
import { piped } from '../wire/piped.ts'
import { decodeExchange } from './codec.ts'
import { ReceiptSchema } from './exchange_pb.ts'
import type { ExchangeMessage } from './messages.ts'

const RECEIPT_BYTES = 16

/** Sends an encoded message; resolves when the other side has handed it on, rejects when it may not have. */
export async function sendExchange(stream: Stream, message: Uint8Array, signal: AbortSignal): Promise<void> {
  const { put, take } = piped(stream, signal)
  await put(message)
  parse(ReceiptSchema, await take(RECEIPT_BYTES), 'receipt', RECEIPT_BYTES)
}

/** Reads the one message, at most `limit` bytes, passes it to `deliver`, and only then answers with a receipt. */
export async function receiveExchange(
  stream: Stream,
  limit: number,
  deliver: (message: ExchangeMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  const { put, take } = piped(stream, signal)
  deliver(decodeExchange(await take(limit), limit))
  await put(toBinary(ReceiptSchema, create(ReceiptSchema)))
}
