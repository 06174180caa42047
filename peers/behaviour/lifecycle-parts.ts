/** What both charts of a peer's life are made of, with rounds and without: their events, what they know, and effects by name. */
import type { Effect, Outcome, Task } from './effects.ts'
import type { Checkpoint, Held } from './held-adapters.ts'

/** Milliseconds. */
export interface Deadlines {
  /** For as many peers as are expected to be there before the first round. */
  readonly join: number
  /** For the slowest peer's training, once this peer has trained. */
  readonly ready: number
  /** For the exchanges of one session. */
  readonly average: number
  /** For an adapter that is pulled. */
  readonly pull: number
  /** For the end of the round under way, when this peer came too late for it. */
  readonly round: number
  /** For peers that are not done yet, once this peer is. */
  readonly leave: number
}

/** What the chart needs to know of the roster, as of the event that carries it. */
export interface View {
  /** The newest global adapter that someone holds. */
  readonly newest?: Held
  /** Did this peer end its round with another adapter than most? */
  readonly strayed: boolean
  /** Is a live peer well into the round that this peer would do next? */
  readonly underWay: boolean
  /** Without rounds: is this peer new, or further from most than they exchange over, so that it takes another's state? */
  readonly apart: boolean
}

export type LifecycleEvent = { readonly view: View } & (
  | Outcome
  /** All live peers have said where they are, and they are as many as expected or under way already. */
  | { readonly type: 'gathered' }
  /** Every live peer has trained, or one has begun to average. */
  | { readonly type: 'ready' }
  /** Somebody holds the result of this peer's round already; without rounds: most have come to their end. */
  | { readonly type: 'overtaken' }
  /** Every live peer is done. */
  | { readonly type: 'dispersed' }
  | { readonly type: 'deadline' }
  | { readonly type: 'leave'; readonly reason: string }
)

export interface LifecycleInput {
  /** Rounds this peer had completed when it was last alive. */
  readonly completed: number
  /** Rounds to do; without rounds, updates a peer. */
  readonly rounds: number
  /** Digest of the global adapter it holds. */
  readonly base: string
  readonly deadlines: Deadlines
  /** Present: it lives without rounds (`asynchronous-lifecycle.ts`). */
  readonly asynchronous?: {
    /** Of what it holds; absent where it never took part. */
    readonly version?: number | undefined
    /** Between versions that are further apart nothing is exchanged. */
    readonly bound: number
  }
}

export interface LifecycleContext {
  readonly deadlines: Deadlines
  readonly rounds: number
  /** The round under way, from 1; `rounds + 1` once all are done. */
  readonly round: number
  /** Digest of the global adapter that the round started from. */
  readonly base: string
  /** Digest of the global adapter that the round ended with. */
  readonly result?: string | undefined
  readonly reason: string
  /** Without rounds: the version of what it holds, and whether that is enough. */
  readonly version?: number
  readonly finished?: boolean
}

export interface Scope {
  readonly context: LifecycleContext
  readonly event: LifecycleEvent
}

/** An effect, which `peers/wiring` carries out; in a chart it is only named. */
export const perform = (effect: (scope: Scope) => Effect) => ({ type: 'perform' as const, params: effect })
export const start = (task: (scope: Scope) => Task) => perform((scope) => ({ type: 'start', task: task(scope) }))
export const deadline = (name: keyof Deadlines) =>
  perform(({ context }) => ({ type: 'deadline', ms: context.deadlines[name] }))
export const warn = (code: string, what: string) =>
  perform(({ event }) => ({ type: 'warn', code, message: 'reason' in event ? `${what}: ${event.reason}` : what }))
export const pullNewest = start(({ context, event }) => ({
  kind: 'pull',
  checkpoint: checkpointOf(event.view.newest) ?? { round: context.round, digest: context.base, holders: [] },
}))
function checkpointOf(held: Held | undefined): Checkpoint | undefined {
  return held && { round: held.round, digest: held.digest, holders: held.holders() }
}
export const notPulled = warn('pull.failed', 'Goes on with the adapter at hand')
