/**
 * Names of attempts: `INITIATOR.INCARNATION.ATTEMPT`. Unique without any agreement, because the initiator's starts and
 * attempts are counted; and everyone can see whose attempt it is.
 */
import type { PeerKey } from '../../kernel/ports.ts'

export function xidOf(initiator: PeerKey, incarnation: number, attempt: number): string {
  return `${initiator}.${incarnation}.${attempt}`
}

/** Did this peer name it? A message about somebody else's attempt is ignored. */
export function isNamedBy(xid: string, initiator: PeerKey): boolean {
  return xid.startsWith(`${initiator}.`) && /^\d+\.\d+$/.test(xid.slice(initiator.length + 1))
}
