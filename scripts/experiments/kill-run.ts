/**
 * A federation of real peer processes on loopback, from start to end, one of them killed with -9 on the way. It is
 * started again when the others have ended the wait that its death could prolong: they meet a dead peer, not one that
 * is back at once.
 */
import type { Phase } from '../../peers/events.ts'
import { realClock } from '../../peers/wiring/real-clock.ts'
import { addressesOf, followPeer, inPhase, type RunningPeer } from '../../tests/e2e/federation.ts'
import type { PeerFolder, PeerFolders } from './folders.ts'
import { type WaitingPhase, waitAfter } from './kill-measure.ts'

export interface RunEnd {
  /** Those that were not killed. */
  readonly survivors: readonly RunningPeer[]
  /** The second life of the one that was. */
  readonly restarted?: RunningPeer
  /** When it was killed, on the axis of the events. */
  readonly death: number
  /** Names of those whose process ended with its rounds done. */
  readonly finished: readonly string[]
}

/** Where the others notice that a peer died in `phase`. */
export const waitingAfter = (phase: Phase): WaitingPhase => (phase === 'joining' ? 'joining' : 'averaging')

/** Kills the last peer in `phase` of the first round; none where no phase is given. No process outlives it. */
export async function runFederation(
  { peers, env }: PeerFolders,
  phase: Phase | undefined,
  signal: AbortSignal,
): Promise<RunEnd> {
  const started: RunningPeer[] = []
  const start = ({ name, home }: PeerFolder, joins: readonly string[]): RunningPeer => {
    const peer = followPeer(name, ['--home', home, ...joins.flatMap((address) => ['--join', address])], env)
    started.push(peer)
    return peer
  }
  const stop = (): void => {
    for (const peer of started) peer.kill()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const [first, ...others] = peers as [PeerFolder, ...PeerFolder[]]
    const joins = await addressesOf(start(first, []))
    for (const peer of others) start(peer, joins)
    if (phase === undefined) return { survivors: started, death: 0, finished: await namesOfFinished(started) }

    const survivors = started.slice(0, -1)
    const victim = started.at(-1) as RunningPeer
    await victim.seen(inPhase(phase, 1))
    victim.kill()
    const death = realClock.now()
    await victim.ended
    // One that ended instead is found out below.
    const waited = ({ events }: RunningPeer): boolean => waitAfter(events, death, waitingAfter(phase)) !== undefined
    await Promise.allSettled(survivors.map((peer) => peer.seen(() => waited(peer))))
    if (signal.aborted) return { survivors, death, finished: [] }
    const restarted = start(peers.at(-1) as PeerFolder, joins)
    return { survivors, restarted, death, finished: await namesOfFinished([...survivors, restarted]) }
  } finally {
    stop()
    await Promise.all(started.map(({ ended }) => ended))
    signal.removeEventListener('abort', stop)
  }
}

async function namesOfFinished(peers: readonly RunningPeer[]): Promise<string[]> {
  const ends = await Promise.all(peers.map(async ({ name, ended }) => ({ name, code: (await ended).code })))
  return ends.flatMap(({ name, code }) => (code === 0 ? [name] : []))
}
