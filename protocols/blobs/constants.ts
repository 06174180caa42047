/** Numbers of the blobs protocol (SPEC.md). */
import type { Quota } from '../wire/quota.ts'

export const BLOBS_ID = '/fedpit/blobs/1'
export const CHUNK_BYTES = 256 * 1024
export const REQUEST_BYTES = 64
export const REPLY_BYTES = CHUNK_BYTES + 64
/** Chunks asked for and not yet here: what a slow reader has to buffer at most. */
export const CHUNKS_OUTSTANDING = 8
/** Blobs that a holder keeps; the oldest goes first. */
export const BLOBS_KEPT = 8
/** For the holder's first answer. */
export const BLOB_OPEN_TIMEOUT_MS = 5_000
/** For each further answer. */
export const BLOB_CHUNK_TIMEOUT_MS = 10_000
export const BLOB_INBOUND_STREAMS = 8
export const BLOB_OUTBOUND_STREAMS = 8
/** Requests of one peer: 1 GiB at once, then 100 MiB a second. */
export const BLOB_QUOTA: Quota = { messages: 4096, perMs: 10_000 }
