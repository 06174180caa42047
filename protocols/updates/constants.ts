/** Numbers of the updates protocol (SPEC.md). */
import type { Quota } from '../wire/quota.ts'

/** The topic's name is this, `/`, and the federation's id. */
export const UPDATES_ID = '/fedpit/updates/1'
export const UPDATE_BYTES = 16 * 1024
export const SESSION_LENGTH = 128
export const METRICS = 64
export const METRIC_NAME_LENGTH = 64
export const SKETCH_NUMBERS = 64
/** Of one author: a result per mixing round of a session, and an update per round. */
export const UPDATES_QUOTA: Quota = { messages: 200, perMs: 10_000 }
