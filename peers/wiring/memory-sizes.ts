/** Bytes of what is said between peers of one process: nothing is encoded on the way, so sizes are asked for. */
import { encodeExchange } from '../../protocols/exchange/codec.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'
import { encodeAnnouncement } from './libp2p/topics.ts'

export interface MessageSizes {
  exchange(message: ExchangeMessage): number
  announcement(announcement: Announcement): number
}

/** Of what need not be a valid message. */
export const roughSizes: MessageSizes = {
  exchange: (message) => 128 + ('state' in message ? message.state.byteLength : 0),
  announcement: () => 256,
}

/** As the product encodes them, which throws where a field breaks its limit. Frames and signatures are not counted. */
export const wireSizes: MessageSizes = {
  exchange: (message) => encodeExchange(message).length,
  announcement: (announcement) => encodeAnnouncement(announcement).bytes.length,
}
