/**
 * Names of attempts: `INITIATOR.INCARNATION.ATTEMPT`. Unique without any agreement, because the initiator's starts and
 * attempts are counted; and everyone can see whose attempt it is, and its initiator when it was.
 */
import type { PeerKey } from '../../kernel/ports.ts'

/** A point in an initiator's naming: so many starts, and so many attempts since the last. */
export interface Named {
  readonly incarnation: number
  readonly attempts: number
}

export function xidOf(initiator: PeerKey, { incarnation, attempts }: Named): string {
  return `${initiator}.${incarnation}.${attempts}`
}

export const initiatorOf = (xid: string): PeerKey => xid.split('.').slice(0, -2).join('.')

/** Did this peer name it? A message about somebody else's attempt is ignored. */
export function isNamedBy(xid: string, initiator: PeerKey): boolean {
  return placeOf(xid, initiator) !== undefined
}

/** Was it named by then? */
export function isNamedUntil(xid: string, initiator: PeerKey, { incarnation, attempts }: Named): boolean {
  const place = placeOf(xid, initiator)
  if (place === undefined) return false
  return place.incarnation === incarnation ? place.attempts <= attempts : place.incarnation < incarnation
}

/** Did this initiator name both, and the first one later? */
export function isNamedAfter(xid: string, other: string, initiator: PeerKey): boolean {
  const place = placeOf(other, initiator)
  return place !== undefined && isNamedBy(xid, initiator) && !isNamedUntil(xid, initiator, place)
}

function placeOf(xid: string, initiator: PeerKey): Named | undefined {
  if (!xid.startsWith(`${initiator}.`)) return undefined
  const [, incarnation, attempts] = /^(\d+)\.(\d+)$/.exec(xid.slice(initiator.length + 1)) ?? []
  return incarnation === undefined ? undefined : { incarnation: Number(incarnation), attempts: Number(attempts) }
}
