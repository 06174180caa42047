/**
 * What a peer keeps of where it was and where the others were, so that after a kill, or after all were out, they find
 * each other again without being given any address.
 */
import { z } from 'zod'
import { ADDRESSES } from '../../../protocols/hello/constants.ts'
import type { PeerKey, Store } from '../../kernel/ports.ts'

/** Through any one of them the rest is found. */
const MEMBERS_KEPT = 64
const key = 'addresses'

const bookSchema = z.strictObject({
  ports: z.record(z.string(), z.int().min(1).max(65_535)),
  members: z.array(z.tuple([z.string(), z.array(z.string()).max(ADDRESSES)])).max(MEMBERS_KEPT),
})

export interface AddressBook {
  /** By an address to listen on that leaves the port open: the port that it got last. */
  readonly ports: ReadonlyMap<string, number>
  /** Where each was when it was last a member. */
  readonly members: ReadonlyMap<PeerKey, readonly string[]>
  keepPort(listen: string, port: number): void
  keepMember(peer: PeerKey, addresses: readonly string[]): void
  /** Resolves when all that was kept so far is written. */
  settled(): Promise<void>
}

export async function openAddressBook(store: Store): Promise<AddressBook> {
  const bytes = await store.read(key)
  const before = bytes && bookSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  const ports = new Map(Object.entries(before?.ports ?? {}))
  const members = new Map<PeerKey, readonly string[]>(before?.members ?? [])
  let writing = Promise.resolve()
  let waits = false
  // Many join at once: what changes while a write waits for the one before goes with it.
  const write = (): void => {
    if (waits) return
    waits = true
    writing = writing.then(() => {
      waits = false
      const text = JSON.stringify({ ports: Object.fromEntries(ports), members: [...members] })
      // Not to know an address is no reason to end; a disk that takes nothing more is told of at the end of the round.
      return store.write(key, new TextEncoder().encode(text)).catch(() => undefined)
    })
  }
  return {
    ports,
    members,
    keepPort(listen, port) {
      if (ports.get(listen) === port) return
      ports.set(listen, port)
      write()
    },
    keepMember(peer, addresses) {
      if (addresses.length === 0 || JSON.stringify(members.get(peer)) === JSON.stringify(addresses)) return
      members.delete(peer)
      members.set(peer, addresses)
      const oldest = members.keys().next()
      if (members.size > MEMBERS_KEPT && !oldest.done) members.delete(oldest.value)
      write()
    },
    settled: () => writing,
  }
}
