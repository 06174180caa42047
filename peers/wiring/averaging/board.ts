/** What the other peers say that bears on averaging, and what this one says: how far its session is. */
import type { SessionResult, SessionStage } from '../../../protocols/wire/announcements.ts'
import type { Start } from '../../../src/averaging/session.ts'
import type { Muster } from '../../behaviour/averaging/muster.ts'
import type { Clock, Network, PeerKey } from '../../kernel/ports.ts'
import type { Hearing } from '../hearing.ts'

export interface Board {
  readonly self: PeerKey
  /** Those who are ready to average in this round, from this start, or take part. */
  muster(start: Start): Muster
  /** Peers that are ready to average in this round, from another start. */
  otherwise(start: Start): number
  /** Peers that can be reached and have not said where they are. */
  unknown(): number
  connected(peer: PeerKey): boolean
  /** Nobody is connected. */
  alone(): boolean
  /** Says something about the own session, and again every second until the next round is begun. */
  say(result: SessionResult): void
  /** Something has happened that is not heard: whoever waits looks again. */
  stir(): void
  /** Waits until the condition holds, looking again at whatever happens. False: the time came first. */
  until(condition: () => boolean, time: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

export interface BoardParts {
  readonly network: Pick<Network, 'self' | 'announce' | 'subscribe'>
  readonly hearing: Hearing
  readonly clock: Clock
}

/** Milliseconds after which a peer says again what may not have arrived. */
const repeatMs = 1000

export function openBoard({ network, hearing, clock }: BoardParts): Board {
  const { self } = network
  const own = new Map<SessionStage, SessionResult>()
  const closed = new AbortController()
  /** Whoever waits looks for himself. */
  const waiting = new Set<() => void>()
  const stir = (): void => {
    for (const look of waiting) look()
  }
  const unwatch = hearing.watch(stir)
  const unsubscribe = network.subscribe(({ type }) => {
    if (type === 'exchange') stir()
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

  const wait = (condition: () => boolean, time: number, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        waiting.delete(look)
        signal.removeEventListener('abort', aborted)
        disarm()
        settle()
      }
      const aborted = (): void => end(() => reject(signal.reason))
      const look = (): void => {
        if (condition()) end(() => resolve(true))
      }
      waiting.add(look)
      signal.addEventListener('abort', aborted, { once: true })
      const disarm = clock.later(time - clock.now(), () => end(() => resolve(condition())))
    })

  return {
    self,
    muster: (start) => hearing.roster.muster(start),
    otherwise: (start) => hearing.roster.otherwise(start, self),
    unknown: () => hearing.roster.unknown(self),
    connected: (peer) => hearing.roster.reaches(peer),
    alone: () => hearing.roster.reachable(self) === 0,
    say(result) {
      if ([...own.values()].some(({ round }) => round !== result.round)) own.clear()
      own.set(result.stage, result)
      void announce(result)
    },
    stir,
    async until(condition, time, signal) {
      signal.throwIfAborted()
      if (condition()) return true
      return clock.now() < time && wait(condition, time, signal)
    },
    close() {
      closed.abort()
      unwatch()
      unsubscribe()
    },
  }
}
