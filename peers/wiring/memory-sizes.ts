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
 * one of the messages that are alike in all that their length depends on is encoded.
 */
export function createWireSizes(): MessageSizes {
  return {
    exchange: onceForEach(exchangeShape, (message) => wireBytes.exchange(message).length),
    announcement: onceForEach(announcementShape, (announcement) => wireBytes.announcement(announcement).length),
  }
}

function onceForEach<T>(
  shapeOf: (message: T) => string | number,
  sizeOf: (message: T) => number,
): (message: T) => number {
  const sizes = new Map<string | number, number>()
  return (message) => {
    const shape = shapeOf(message)
    const known = sizes.get(shape)
    if (known !== undefined) return known
    const size = sizeOf(message)
    sizes.set(shape, size)
    return size
  }
}

/**
 * Texts and states count by their length, numbers by themselves: a number takes the more bytes the larger it is. Digests
 * and floating-point numbers are all as long. What each exchange says is named by a number: a text has to be made and hashed.
 */
function exchangeShape(message: ExchangeMessage): string | number {
  const { type, xid } = message
  switch (type) {
    case 'offer': {
      const { session, scale, round, num, den, state } = message
      return `${type} ${xid.length} ${session.length} ${scale.length} ${round} ${num} ${den} ${state.length} ${message.reach === undefined}`
    }
    case 'counter':
      return numbered(message.reach === undefined ? 0 : 1, xid, message.state.length)
    case 'verdict':
      return `${type} ${xid.length} ${message.outcome}`
    case 'refuse':
      return `${type} ${xid.length} ${message.reason}`
    case 'commit':
      return numbered(2, xid, message.deltaDigest.length)
    case 'ack':
      return numbered(3, xid, 0)
    case 'status':
      return numbered(4, xid, 0)
  }
}

/** Longer names than this break a limit. */
const longestXid = 255

function numbered(kind: 0 | 1 | 2 | 3 | 4, xid: string, bytes: number): string | number {
  if (xid.length > longestXid) return `${kind} ${xid.length} ${bytes}`
  return (bytes * (longestXid + 1) + xid.length) * 5 + kind
}

function announcementShape(announcement: Announcement): string {
  const { type, round } = announcement
  switch (type) {
    case 'presence': {
      const { name, phase, examples, ready, edition = '' } = announcement
      return `${type} ${round} ${Buffer.byteLength(name)} ${phase} ${examples} ${ready} ${edition.length}`
    }
    case 'update': {
      const { bytes, examples, metrics } = announcement
      return `${type} ${round} ${bytes} ${examples} ${Object.keys(metrics)}`
    }
    case 'session': {
      const { session, stage, mixed, bytes, sketch } = announcement
      return `${type} ${round} ${session.length} ${stage} ${mixed} ${bytes} ${sketch.length}`
    }
  }
}
