/** Which announcement goes over which gossip topic. */

import { decodePresence, encodePresence } from '../../../protocols/presence/codec.ts'
import { PRESENCE_ID, PRESENCE_QUOTA } from '../../../protocols/presence/constants.ts'
import { decodeUpdate, encodeUpdate } from '../../../protocols/updates/codec.ts'
import { UPDATES_ID, UPDATES_QUOTA } from '../../../protocols/updates/constants.ts'
import type { Announcement } from '../../../protocols/wire/announcements.ts'
import type { Quota } from '../../../protocols/wire/quota.ts'
import { assertNever } from '../../../src/core/errors.ts'

export interface Topic {
  readonly id: string
  /** Of one author. */
  readonly quota: Quota
  readonly decode: (bytes: Uint8Array) => Announcement
}

export const topics: readonly Topic[] = [
  { id: PRESENCE_ID, quota: PRESENCE_QUOTA, decode: decodePresence },
  { id: UPDATES_ID, quota: UPDATES_QUOTA, decode: decodeUpdate },
]

/** Topics of different federations never meet, even on one peer's connections. */
export const topicName = (id: string, federation: string): string => `${id}/${federation}`

/** Throws an input error where a field breaks its limit. */
export function encodeAnnouncement(announcement: Announcement): { readonly id: string; readonly bytes: Uint8Array } {
  switch (announcement.type) {
    case 'presence':
      return { id: PRESENCE_ID, bytes: encodePresence(announcement) }
    case 'update':
    case 'session':
      return { id: UPDATES_ID, bytes: encodeUpdate(announcement) }
    default:
      return assertNever(announcement, 'announcement')
  }
}
