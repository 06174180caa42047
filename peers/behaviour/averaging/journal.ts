/**
 * The journal and the ledger that it defines: the checkpoint's value, plus every committed delta and every update, minus
 * every applied one. The value in memory is only a cache of that, so a crash between record and change needs no case of its own.
 */
import { Entries } from './entries.ts'
import { moved } from './headroom.ts'
import type { LedgerRecord } from './journal-record.ts'
import { createLedger, type Ledger, type LedgerConfig, unitsOf } from './ledger.ts'
import { initiatorOf, isNamedAfter } from './xid.ts'

/** The shortest journal that defines this ledger. Written in the place of the old one, it ends its growth (EX-15). */
export function checkpointOf({ begun, value, committed, closed, prepared }: Ledger): LedgerRecord[] {
  const entries = [...committed].map(([xid, entry]) => ({ xid, ...entry }))
  const doubts = [...prepared].map(([xid, { from, mixing, delta }]): LedgerRecord => {
    return { type: 'prepared', xid, from, mixing, delta }
  })
  return [{ type: 'checkpoint', begun, value, committed: entries, closed: [...closed] }, ...doubts]
}

/**
 * The ledger without what nobody can ask for any more, where a session goes on without an end (EX-20): exchanges that were
 * acknowledged, and of those that each initiator named, all but the latest that was closed.
 */
export function shortened(ledger: Ledger): Ledger {
  if (ledger.terms.staleness === undefined) return ledger
  const committed = Entries.of([...ledger.committed].filter(([, { acknowledged }]) => !acknowledged))
  const closed = Entries.of([...ledger.closed].filter(([xid]) => !isOutdated(ledger, xid)))
  return { ...ledger, committed, closed }
}

/** Was something closed that the same initiator named later? It makes one offer at a time. */
export function isOutdated({ closed }: Pick<Ledger, 'closed'>, xid: string): boolean {
  const initiator = initiatorOf(xid)
  return [...closed.keys()].some((other) => isNamedAfter(other, xid, initiator))
}

/** EX-13: the ledger of a peer that starts again. It takes no further part in the session, but answers for it. */
export function recoverLedger(config: LedgerConfig, records: readonly LedgerRecord[]): Ledger {
  return records.reduce((ledger, record) => replay(ledger, record), createLedger(config))
}

function replay(ledger: Ledger, record: LedgerRecord): Ledger {
  switch (record.type) {
    case 'checkpoint': {
      const { begun, value, closed } = record
      const committed = Entries.of(record.committed.map(({ xid, ...entry }) => [xid, entry] as const))
      return { ...createLedger(ledger.config), begun, value, committed, closed: Entries.of(closed) }
    }
    case 'prepared': {
      const { xid, from, mixing, delta } = record
      return { ...ledger, prepared: ledger.prepared.with(xid, { from, mixing, delta }) }
    }
    case 'committed': {
      const { xid, to, delta } = record
      const entry = { to, deltaDigest: ledger.config.digest(delta), units: unitsOf(delta), acknowledged: false }
      return { ...ledger, value: moved(ledger.value, delta, 1), committed: ledger.committed.with(xid, entry) }
    }
    case 'updated':
      return { ...ledger, value: moved(ledger.value, record.delta, 1) }
    case 'applied': {
      const entry = ledger.prepared.get(record.xid)
      if (entry === undefined) return ledger
      const prepared = ledger.prepared.without(record.xid)
      const closed = ledger.closed.with(record.xid, 'applied')
      return { ...ledger, value: moved(ledger.value, entry.delta, -1), prepared, closed }
    }
    case 'dropped':
      return {
        ...ledger,
        prepared: ledger.prepared.without(record.xid),
        closed: ledger.closed.with(record.xid, 'dropped'),
      }
  }
}
