/** Bytes of what is said between peers of one process: nothing is encoded on the way, so sizes are asked for. */
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'
import { wireBytes } from './wire-bytes.ts'

export interface MessageSizes {
  exchange(message: ExchangeMessage): number
  announcement(announcement: Announcement): number
}

/** Of what need not be a valid message. */
export const roughSizes: MessageSizes = {
  exchange: (message) => 128 + ('state' in message ? message.state.byteLength : 0),
  announcement: () => 256,
}

/**
 * As the product encodes them, which throws where a field breaks its limit. Frames and signatures are not counted. Only
 * one of the messages that are alike in all that their length depends on is encoded, and what is said again not at all.
 */
export function createWireSizes(): MessageSizes {
  const exchanges = new Map<string, number>()
  const announcements = new WeakMap<Announcement, number>()
  return {
    exchange(message) {
      const shape = shapeOf(message)
      const known = exchanges.get(shape)
      if (known !== undefined) return known
      const { length } = wireBytes.exchange(message)
      exchanges.set(shape, length)
      return length
    },
    announcement(announcement) {
      const known = announcements.get(announcement)
      if (known !== undefined) return known
      const { length } = wireBytes.announcement(announcement)
      announcements.set(announcement, length)
      return length
    },
  }
}

/** Texts and states count by their length, numbers by themselves: a number takes the more bytes the larger it is. */
function shapeOf(message: ExchangeMessage): string {
  const { type, xid } = message
  switch (type) {
    case 'offer': {
      const { session, scale, round, num, den, state } = message
      return `${type} ${xid.length} ${session.length} ${scale.length} ${round} ${num} ${den} ${state.length} ${message.reach === undefined}`
    }
    case 'counter':
      return `${type} ${xid.length} ${message.state.length} ${message.reach === undefined}`
    case 'verdict':
      return `${type} ${xid.length} ${message.outcome}`
    case 'refuse':
      return `${type} ${xid.length} ${message.reason}`
    case 'commit':
      return `${type} ${xid.length} ${message.deltaDigest.length}`
    case 'ack':
    case 'status':
      return `${type} ${xid.length}`
  }
}
