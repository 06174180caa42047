/** Numbers of the exchange protocol's transport (TRANSPORT.md). */
import type { Quota } from '../wire/quota.ts'

export const EXCHANGE_ID = '/fedpit/exchange/1'
/** What a message may take beside its state. */
export const EXCHANGE_SLACK_BYTES = 4096
export const XID_LENGTH = 128
export const SESSION_LENGTH = 128
export const SCALE_LENGTH = 128
/** From opening the stream to the receipt, for a message of no size … */
const EXCHANGE_LATENCY_MS = 20_000
/** … and per byte, on the slowest line that a peer may have: 64 KiB a second. */
const EXCHANGE_MS_PER_BYTE = 1000 / 65_536
export const exchangeTimeoutMs = (bytes: number): number =>
  EXCHANGE_LATENCY_MS + Math.ceil(bytes * EXCHANGE_MS_PER_BYTE)
export const EXCHANGE_INBOUND_STREAMS = 16
export const EXCHANGE_OUTBOUND_STREAMS = 64
/** Of one peer: COMMIT is repeated until acknowledged, everything else comes a few times per edge. */
export const EXCHANGE_QUOTA: Quota = { messages: 400, perMs: 10_000 }
