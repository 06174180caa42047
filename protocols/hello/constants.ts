/** Numbers of the hello protocol (SPEC.md). */
import type { Quota } from '../wire/quota.ts'

export const HELLO_ID = '/fedpit/hello/1'
/** Of the messages and their meaning; goes up with every change that an older peer would misread. */
export const PROTOCOL_VERSION = 1
export const HELLO_FRAME_BYTES = 64 * 1024
export const FEDERATION_LENGTH = 64
export const FINGERPRINT_LENGTH = 128
export const CAPABILITIES = 16
export const CAPABILITY_LENGTH = 64
export const NAME_LENGTH = 64
export const ADDRESSES = 8
export const ADDRESS_LENGTH = 128
export const DIFFERS_LENGTH = 1024
/** Members in a verdict: 64 of them with 5 addresses of full length fit in a frame. */
export const MEMBERS = 64
export const MEMBER_ADDRESSES = 5
export const HELLO_TIMEOUT_MS = 10_000
export const HELLO_INBOUND_STREAMS = 4
export const HELLO_OUTBOUND_STREAMS = 4
/** Of one peer: it repeats its hello now and then to learn of new members. */
export const HELLO_QUOTA: Quota = { messages: 20, perMs: 10_000 }
