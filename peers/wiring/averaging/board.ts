/** What the other peers say that bears on averaging: who is ready for which round, and how far their sessions are. */
import type { Presence, SessionResult, SessionStage } from '../../../protocols/wire/announcements.ts'
import type { Member, Start } from '../../../src/averaging/session.ts'
import type { Clock, Network, PeerKey } from '../../kernel/ports.ts'

export interface Board {
  /** Connected peers that are ready to average in this round, from this start, with examples to their name. */
  contributors(start: Start): Member[]
  /** Connected peers that have not said where they are, or take part in this round without having said so. */
  unknown(start: Start): PeerKey[]
  /** What a peer said last about its session in this round and at this stage. */
  said(peer: PeerKey, round: number, stage: SessionStage): SessionResult | undefined
  /** Everyone who said something about this stage of this round. */
  heard(round: number, stage: SessionStage): (readonly [PeerKey, SessionResult])[]
  connected(peer: PeerKey): boolean
  /** Nobody is connected. */
  alone(): boolean
  /** Says something about the own session, and again every second until the next round is begun. */
  say(result: SessionResult): void
  /** Waits until the condition holds, looking again at whatever happens. False: the time came first. */
  until(condition: () => boolean, time: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

/** Milliseconds after which a peer says again what may not have arrived. */
const repeatMs = 1000
/** Kept per peer: the stages of this round and the last. */
const keptPerPeer = 6

export function openBoard(network: Network, clock: Clock): Board {
  const presences = new Map<PeerKey, Presence>()
  const sessions = new Map<PeerKey, SessionResult[]>()
  const own = new Map<SessionStage, SessionResult>()
  const closed = new AbortController()
  let changed = Promise.withResolvers<void>()

  const stir = (): void => {
    const { resolve } = changed
    changed = Promise.withResolvers()
    resolve()
  }
  /** What was said earlier and comes later changes nothing. */
  const note = (author: PeerKey, result: SessionResult): void => {
    const kept = sessions.get(author) ?? []
    const same = kept.find(({ round, stage }) => round === result.round && stage === result.stage)
    if (same !== undefined && same.mixed > result.mixed) return
    sessions.set(author, [...kept.filter((other) => other !== same), result].slice(-keptPerPeer))
  }
  const unsubscribe = network.subscribe((event) => {
    if (event.type === 'announced') {
      const { author, announcement } = event
      if (announcement.type === 'presence') presences.set(author, announcement)
      if (announcement.type === 'session') note(author, announcement)
    }
    if (event.type === 'left') {
      presences.delete(event.peer)
      sessions.delete(event.peer)
    }
    stir()
  })
  const announce = async (result: SessionResult): Promise<void> => {
    // A peer that hears nothing asks nothing: it will hear the repeat.
    await network.announce(result).catch(() => {})
  }
  const repeat = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      await clock.sleep(repeatMs, closed.signal)
      for (const result of own.values()) await announce(result)
    }
  }
  void repeat().catch(() => {})

  const said = (peer: PeerKey, round: number, stage: SessionStage): SessionResult | undefined =>
    sessions.get(peer)?.find((result) => result.round === round && result.stage === stage)
  const contributors = ({ round, startDigest }: Start): Member[] =>
    network.connected().flatMap((peer) => {
      const presence = presences.get(peer)
      const fits = presence?.ready && presence.round === round && presence.digest === startDigest
      return fits && presence.examples > 0 ? [{ peer, examples: presence.examples }] : []
    })
  return {
    contributors,
    unknown: (start) => {
      const known = contributors(start).map(({ peer }) => peer)
      const joins = (peer: PeerKey): boolean => said(peer, start.round, 'joined')?.digest === start.startDigest
      return network.connected().filter((peer) => !presences.has(peer) || (joins(peer) && !known.includes(peer)))
    },
    said,
    heard: (round, stage) =>
      [...sessions.keys()].flatMap((peer) => {
        const result = said(peer, round, stage)
        return result === undefined ? [] : [[peer, result] as const]
      }),
    connected: (peer) => network.connected().includes(peer),
    alone: () => network.connected().length === 0,
    say(result) {
      if ([...own.values()].some(({ round }) => round !== result.round)) own.clear()
      own.set(result.stage, result)
      void announce(result)
    },
    async until(condition, time, signal) {
      for (;;) {
        signal.throwIfAborted()
        if (condition()) return true
        if (clock.now() >= time) return false
        const woken = new AbortController()
        const timer = clock.sleep(time - clock.now(), AbortSignal.any([woken.signal, signal])).catch(() => {})
        await Promise.race([changed.promise, timer])
        woken.abort()
      }
    },
    close() {
      closed.abort()
      unsubscribe()
    },
  }
}
