/**
 * Announcements among peers of one process, as a log that all read with a delay of their own. Gossip costs a message for
 * every pair of peers; so it is not carried out, and what has been heard is kept once for all peers that hear alike.
 *
 * The time until everybody has heard something is cut into steps. What is said within a step is heard by the nearest peers
 * one step later, by the next ones another step later, and so on. Peers as near as each other read one roster.
 */
import type { Announcement } from '../../../protocols/wire/announcements.ts'
import { type Made, Roster } from '../../behaviour/roster.ts'
import type { Clock, NetworkEvent, PeerKey } from '../../kernel/ports.ts'
import type { GossipModel } from '../memory-gossip.ts'
import { type Hearer, joinedBy, leftBy, type Word } from './word.ts'

export interface LogParts {
  readonly clock: Clock
  readonly gossip: GossipModel
  /** Milliseconds that nothing takes less than. */
  readonly delayMs: () => number
  /** Peers that are up. */
  readonly peers: () => number
}

/** Delays that differ. */
const steps = 8

interface Said {
  readonly hearer: Hearer
  /** Its own; undefined where it has none any more. */
  readonly reader: Reader | undefined
  readonly event: NetworkEvent
  readonly bytes: number
  /** The very same was the last of its kind that the peer said: it is on its way already, or everywhere. */
  readonly again: boolean
  readonly made: Made
}

/** What all peers of one side and one delay have heard. */
interface View {
  readonly roster: Roster
  readonly readers: Set<Reader>
  bytes: number
}

interface Reader {
  readonly hearer: Hearer
  readonly step: number
  readonly listeners: Set<() => void>
  /** Last said of each kind. */
  readonly said: Map<string, Announcement>
  /** Tells the listeners. */
  readonly stir: () => void
  view: View | undefined
  /** Bytes heard, less those that the view has: it counts what was there before and what the reader said itself. */
  more: number
}

export function createWordByLog({ clock, gossip, delayMs, peers }: LogParts): Word<Hearer> {
  const readers = new Map<Hearer, Reader>()
  /** When each step's peers hear the latest of what they will hear: nothing overtakes. */
  const latest = new Array<number>(steps).fill(0)
  let sideOf: (peer: PeerKey) => number = () => 0
  let sides = new Map<number, readonly View[]>()
  let said: Said[] = []
  let gone: PeerKey[] = []
  let closing = false

  const stepMs = (): number => gossip.spreadMs(peers()) / steps
  const viewsOf = (side: number): readonly View[] => {
    const views = sides.get(side) ?? Array.from({ length: steps }, () => viewOf(new Roster(0)))
    sides.set(side, views)
    return views
  }
  const tell = ({ hearer, stir }: Reader): void => hearer.machine.whenRunning(stir)
  const tellAll = (view: View): void => {
    for (const reader of view.readers) tell(reader)
  }

  const later = (step: number, stepMs: number, run: () => void): void => {
    const at = Math.max(latest[step] as number, clock.now() + delayMs() + step * stepMs)
    latest[step] = at
    void clock.sleep(at - clock.now()).then(run)
  }
  /** The step is over: what was said in it goes out. Broken connections are seen by all at once. */
  const close = (): void => {
    const [batch, left, ms] = [said, gone, stepMs()]
    ;[said, gone, closing] = [[], [], false]
    for (let step = 0; step < steps; step++) later(step, ms, () => deliver(batch, step))
    if (left.length === 0) return
    for (const views of sides.values()) {
      for (const view of views) {
        for (const peer of left) view.roster.hear(leftBy(peer), clock.now())
        tellAll(view)
      }
    }
  }
  const arm = (): void => {
    if (closing) return
    closing = true
    void clock.sleep(stepMs()).then(close)
  }
  const deliver = (batch: readonly Said[], step: number): void => {
    const news = new Set<View>()
    for (const { hearer, reader: own, event, bytes, again, made } of batch) {
      // What a peer said is lost with it, where it has not gone far.
      if (!hearer.up) continue
      const view = viewsOf(sideOf(hearer.key))[step] as View
      view.bytes += bytes
      const itself = own?.view === view
      if (itself) own.more -= bytes
      hearer.sent += bytes * (view.readers.size - (itself ? 1 : 0))
      if (!again && view.roster.hear(event, clock.now(), made)) news.add(view)
    }
    for (const view of news) tellAll(view)
  }

  const attach = (reader: Reader, view: View): void => {
    reader.more += (reader.view?.bytes ?? 0) - view.bytes
    reader.view?.readers.delete(reader)
    view.readers.add(reader)
    reader.view = view
  }

  const put = (hearer: Hearer, event: NetworkEvent, bytes: number, again: boolean): void => {
    said.push({ hearer, reader: readers.get(hearer), event, bytes, again, made: {} })
    arm()
  }
  return {
    hearingOf(hearer) {
      const step = Math.floor(hearer.distance * steps)
      const listeners = new Set<() => void>()
      const stir = (): void => {
        if (hearer.up) for (const listener of listeners) listener()
      }
      const reader: Reader = { hearer, step, listeners, said: new Map(), stir, view: undefined, more: 0 }
      const silence = new Roster(0)
      readers.set(hearer, reader)
      const hearing = {
        get roster() {
          return reader.view?.roster ?? silence
        },
        watch(listener: () => void) {
          const own = (): void => listener()
          reader.listeners.add(own)
          return () => void reader.listeners.delete(own)
        },
      }
      return { hearing, heard: () => reader.more + (reader.view?.bytes ?? 0) }
    },
    // Whoever comes up hears, after its delay, what all others said last.
    arrives(hearer) {
      const reader = readers.get(hearer)
      if (reader === undefined) return
      put(hearer, joinedBy(hearer), 0, false)
      void clock.sleep(delayMs() + (reader.step + 1) * stepMs()).then(() => {
        if (!hearer.up) return
        attach(reader, viewsOf(sideOf(hearer.key))[reader.step] as View)
        tell(reader)
      })
    },
    leaves(hearer) {
      const reader = readers.get(hearer)
      readers.delete(hearer)
      reader?.view?.readers.delete(reader)
      gone.push(hearer.key)
      arm()
    },
    says(hearer, announcement, bytes) {
      const reader = readers.get(hearer)
      const kind = announcement.type === 'session' ? announcement.stage : announcement.type
      put(
        hearer,
        { type: 'announced', author: hearer.key, announcement },
        bytes,
        reader?.said.get(kind) === announcement,
      )
      reader?.said.set(kind, announcement)
      return reader?.view?.roster.reachable(hearer.key) ?? 0
    },
    parts(_, next) {
      const up = [...readers.values()].filter(({ hearer }) => hearer.up)
      const all = up.filter(({ view }) => view !== undefined)
      const origins = new Map<number, Set<number>>()
      // Who has just come up hears nothing yet, but may have been heard of: its side counts, after those who hear.
      for (const { hearer } of [...all, ...up]) {
        const side = next(hearer.key)
        origins.set(side, (origins.get(side) ?? new Set()).add(sideOf(hearer.key)))
      }
      const before = { sides, sideOf }
      sideOf = next
      sides = new Map([...origins].map(([side, from]) => [side, mergedViews(side, [...from], before)]))
      for (const reader of all) attach(reader, viewsOf(next(reader.hearer.key))[reader.step] as View)
      for (const views of sides.values()) for (const view of views) tellAll(view)
    },
  }

  /** What a side has heard that comes from these: of each one's own peers it knows best. */
  function mergedViews(side: number, from: readonly number[], before: Sides): View[] {
    const [first = 0, ...others] = from
    return Array.from({ length: steps }, (_, step) => {
      const roster = rosterOf(before, first, step).copy()
      for (const other of others) {
        const theirs = rosterOf(before, other, step)
        roster.adopt(
          theirs,
          theirs.peers().filter((peer) => before.sideOf(peer) === other),
        )
      }
      for (const peer of roster.peers()) roster.reach(peer, sideOf(peer) === side)
      return viewOf(roster)
    })
  }
}

interface Sides {
  readonly sides: ReadonlyMap<number, readonly View[]>
  readonly sideOf: (peer: PeerKey) => number
}

const viewOf = (roster: Roster): View => ({ roster, readers: new Set(), bytes: 0 })

const rosterOf = ({ sides }: Sides, side: number, step: number): Roster =>
  sides.get(side)?.[step]?.roster ?? new Roster(0)
