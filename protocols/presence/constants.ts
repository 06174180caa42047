/** Numbers of the presence protocol (SPEC.md). */
import type { Quota } from '../wire/quota.ts'

/** The topic's name is this, `/`, and the federation's id. */
export const PRESENCE_ID = '/fedpit/presence/1'
export const PRESENCE_BYTES = 16 * 1024
export const NAME_LENGTH = 64
export const PHASE_LENGTH = 32
export const EDITION_LENGTH = 64
/** Of one author. A peer speaks every few seconds and when its phase changes. */
export const PRESENCE_QUOTA: Quota = { messages: 30, perMs: 10_000 }
