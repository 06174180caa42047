/** What a kill cost the others, read off the events of a run with it and of one without. */
import type { Deadlines } from '../../peers/behaviour/lifecycle-parts.ts'
import type { PeerEvent } from '../../peers/events.ts'
import { type Span, spansOf } from '../../src/lab/outcome.ts'

/** Peers wait for others in these phases: until all are there; later, until all are ready and have mixed. */
export type WaitingPhase = 'joining' | 'averaging'

export interface Wait {
  readonly name: string
  readonly phase: WaitingPhase
  readonly round: number
  /** In the run with the kill, and in the one without. */
  readonly seconds: number
  readonly controlSeconds: number
}

/** The first wait of that kind that ended after a peer had died; none where it has not ended yet. */
export function waitAfter(events: readonly PeerEvent[], death: number, waiting: WaitingPhase): Span | undefined {
  // The last span of a peer that lives is under way.
  const ended = spansOf(events).slice(0, -1)
  return ended.find(({ phase, to }) => phase === waiting && to > death)
}

/** That wait beside the same one of the same peer in the control run, which all peers survived. */
export function compareWait(
  events: readonly PeerEvent[],
  control: readonly PeerEvent[],
  death: number,
  phase: WaitingPhase,
): Wait | undefined {
  const span = waitAfter(events, death, phase)
  const base = spansOf(control).find((other) => other.phase === phase && other.round === span?.round)
  if (span === undefined || base === undefined) return undefined
  const name = events[0]?.name ?? ''
  return { name, phase, round: span.round, seconds: secondsOf(span), controlSeconds: secondsOf(base) }
}

/** The longest that the configured deadlines let a wait last. */
export function boundOf(phase: WaitingPhase, { join, ready, average }: Deadlines): number {
  return phase === 'joining' ? join : ready + average
}

/** To the millisecond. */
const secondsOf = ({ from, to }: Span): number => Math.round(to - from) / 1000
