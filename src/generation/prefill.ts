/** Runs the prefill graph over prompts: pieces of at most `pieceTokens` positions, rows of like length together. */
import type { Adapter } from '../lora/adapter.ts'
import type { ModelConfig } from '../model/config.ts'
import type { Feed, Session } from '../onnx/session.ts'
import { KvCache, type NewRows } from './kv-cache.ts'
import type { RotaryFeeds } from './rotary-feeds.ts'

/** Products with the weights are as fast as they get from here on; more would only cost memory. */
export const pieceTokens = 512

export interface PrefillModel {
  /** For rows behind earlier positions (`prefix`), or at the start. */
  session(prefix: boolean): Promise<Session>
  readonly config: ModelConfig
  readonly rotary: RotaryFeeds
  readonly adapter?: Adapter
}

export interface PrefillResult {
  /** Behind each row's last token: [rows, vocabulary]. */
  readonly logits: Float32Array
  readonly rows: NewRows
}

/** One run: rows of tokens that all follow `past` (a cache of one row, or nothing). */
export async function prefillBatch(
  { session, config, rotary, adapter }: PrefillModel,
  tokens: readonly (readonly number[])[],
  past: KvCache,
): Promise<PrefillResult> {
  const length = Math.max(...tokens.map((row) => row.length))
  const start = past.lengths[0] as number
  const batch = tokens.length
  const cells = (value: (row: number, t: number) => number) =>
    BigInt64Array.from({ length: batch * length }, (_, i) => BigInt(value(Math.floor(i / length), i % length)))
  const feeds: Record<string, Feed> = {
    ids: int64(
      [batch, length],
      cells((row, t) => tokens[row]?.[t] ?? 0),
    ),
    positions: int64(
      [batch, length],
      cells((_, t) => start + t),
    ),
    mask: causalMask(config.heads / config.kvHeads, length),
    last: int64(
      [batch],
      BigInt64Array.from(tokens, (row, b) => BigInt(b * length + row.length - 1)),
    ),
    ...(start > 0 && {
      segments: int64([2], BigInt64Array.of(BigInt(start), BigInt(length))),
      ...past.feeds('prefix', (_, kvHeads, size, headDim) => [1, kvHeads, size, headDim]),
    }),
    ...rotary(start + length),
    ...parametersFeed(adapter),
  }
  const { logits, rows } = await (await session(start > 0)).run(feeds, ['logits', 'rows'])
  return { logits: logits as Float32Array, rows: { data: rows as Float32Array, length } }
}

/**
 * One row of any length behind `past`, piece by piece; each piece is handed to `onPiece`. Gives the logits behind the
 * last token.
 */
export async function prefillRow(
  model: PrefillModel,
  tokens: readonly number[],
  past: KvCache,
  onPiece: (rows: NewRows, count: number) => void,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const grown = tokens.length > pieceTokens ? past.clone() : past
  for (let from = 0; ; from += pieceTokens) {
    signal?.throwIfAborted()
    const piece = tokens.slice(from, from + pieceTokens)
    const { logits, rows } = await prefillBatch(model, [piece], grown)
    onPiece(rows, piece.length)
    if (from + pieceTokens >= tokens.length) return logits
    extend(grown, rows, piece.length)
  }
}

/** A cache of one row without positions. */
export function emptyPast(config: ModelConfig): KvCache {
  const past = new KvCache(config)
  past.addRow()
  return past
}

/** Appends to a cache of one row that is kept without spare room, as the graphs read a prefix. */
export function extend(past: KvCache, rows: NewRows, count: number): void {
  past.reserve(1, (past.lengths[0] as number) + count)
  past.append(0, rows, 0, count)
}

export function parametersFeed(adapter: Adapter | undefined): Record<string, Feed> {
  if (adapter === undefined) return {}
  const { parameters: data } = adapter
  return { parameters: { type: 'float32', shape: [data.length], data } }
}

export function int64(shape: readonly number[], data: BigInt64Array): Feed {
  return { type: 'int64', shape, data }
}

/** 0 where a position may look, -1e9 in its future; once for each query head of a group. */
function causalMask(group: number, length: number): Feed {
  const data = new Float32Array(group * length * length)
  for (let row = 0; row < group * length; row++) data.fill(-1e9, row * length + (row % length) + 1, (row + 1) * length)
  return { type: 'float32', shape: [1, 1, group * length, length], data }
}
