/** What peers say, as the product puts it on the wire: for whoever counts or searches what left a simulated peer. */
import { encodeExchange } from '../../protocols/exchange/codec.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'
import { encodeAnnouncement } from './libp2p/topics.ts'

/** Both throw where a field breaks its limit. Frames and signatures are not part of it. */
export const wireBytes = {
  exchange: (message: ExchangeMessage): Uint8Array => encodeExchange(message),
  announcement: (announcement: Announcement): Uint8Array => encodeAnnouncement(announcement).bytes,
}
