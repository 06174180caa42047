/** Runs the decode graph: one token for each row of a cache. */
import type { Adapter } from '../lora/adapter.ts'
import type { Feed, Session } from '../onnx/session.ts'
import type { KvCache } from './kv-cache.ts'
import { int64, parametersFeed } from './prefill.ts'
import type { RotaryFeeds } from './rotary-feeds.ts'

export interface DecodeModel {
  readonly session: Session
  readonly rotary: RotaryFeeds
  readonly adapter?: Adapter
  /** Positions that all rows follow; the session was opened for it. */
  readonly prefix?: KvCache
}

/** Room in the caches grows by so many positions at a time. */
const roomStep = 32

/**
 * Feeds `tokens`, one for each row of `own`, appends their keys and values, and gives what comes behind them: the best
 * token of each row or all logits [rows, vocabulary].
 */
export async function decodeStep<Want extends 'next' | 'logits'>(
  { session, rotary, adapter, prefix }: DecodeModel,
  own: KvCache,
  tokens: readonly number[],
  want: Want,
): Promise<Want extends 'next' ? BigInt64Array : Float32Array> {
  const start = prefix?.lengths[0] ?? 0
  const batch = tokens.length
  const filled = Math.max(...own.lengths)
  if (filled >= own.size) own.reserve(batch, grownSize(filled))
  const feeds: Record<string, Feed> = {
    ids: int64([batch, 1], BigInt64Array.from(tokens, BigInt)),
    positions: int64(
      [batch, 1],
      BigInt64Array.from(own.lengths, (length) => BigInt(start + length)),
    ),
    mask: roomMask(own),
    segments: int64([prefix === undefined ? 2 : 3], segments(own.size, prefix?.size)),
    ...own.feeds('own', (rows, kvHeads, size, headDim) => [rows, kvHeads, size, headDim]),
    ...prefix?.feeds('prefix', (_, kvHeads, size, headDim) => [kvHeads, 1, size, headDim]),
    ...rotary(start + filled + 1),
    ...parametersFeed(adapter),
  }
  const outputs = await session.run(feeds, [want, 'rows'])
  const made = { data: outputs['rows'] as Float32Array, length: 1 }
  for (let row = 0; row < batch; row++) own.append(row, made, row, 1)
  return outputs[want] as Want extends 'next' ? BigInt64Array : Float32Array
}

/** Room for `filled` positions and a quarter more: attention reads the room, growing copies it. */
export function grownSize(filled: number): number {
  return Math.ceil((filled * 1.25 + 1) / roomStep) * roomStep
}

function segments(own: number, prefix: number | undefined): BigInt64Array {
  return BigInt64Array.from(prefix === undefined ? [own, 1] : [own, 1, prefix], BigInt)
}

function roomMask({ lengths, size }: KvCache): Feed {
  const data = new Float32Array(lengths.length * size).fill(-1e9)
  lengths.forEach((length, row) => {
    data.fill(0, row * size, row * size + length)
  })
  return { type: 'float32', shape: [lengths.length, 1, 1, size], data }
}
