/** What a peer's behaviour knows: its state, what reaches it, and what it may look at beside that. */
import type { Phase } from '../events.ts'
import type { PeerKey } from '../kernel/ports.ts'
import type { LifecycleSnapshot } from './decide.ts'
import type { Effect, Outcome } from './effects.ts'
import type { LifecycleInput } from './lifecycle-parts.ts'
import type { Roster } from './roster.ts'

export interface PeerConfig extends LifecycleInput {
  readonly self: PeerKey
  readonly name: string
  /** Private examples held; its weight in every average. */
  readonly examples: number
  /** Other peers to wait for before the first round of all. */
  readonly expected: number
}

/** What a step may look at beside its input. */
export interface Scene {
  readonly now: number
  /** What has been heard of the others, up to now. */
  readonly roster: Roster
}

/** Everything a peer reacts to. Tickets name the task or the deadline that an input answers. */
export type Input =
  /** The roster shows something that this peer waits for. */
  | { readonly type: 'heard' }
  /** Somebody has joined who has heard nothing of this peer. */
  | { readonly type: 'arrival' }
  | { readonly type: 'outcome'; readonly ticket: number; readonly outcome: Outcome }
  | { readonly type: 'deadline'; readonly ticket: number }
  /** Time passed; silence is noticed. */
  | { readonly type: 'beat' }
  | { readonly type: 'leave'; readonly reason: string }

export interface PeerState {
  readonly config: PeerConfig
  readonly snapshot: LifecycleSnapshot
  /** Has it an update to mix in this round? If not, its weight is 0. */
  readonly contributes: boolean
  /** Of the topology that it would mix over in this round. */
  readonly edition?: string | undefined
  /** Of the latest task and the latest deadline. */
  readonly ticket: number
  readonly awaited: { readonly task?: number; readonly deadline?: number }
  /** When it last knew where all others were. */
  readonly together?: number
}

export type TicketedEffect = Effect & { readonly ticket: number }
export type Step = readonly [state: PeerState, effects: readonly TicketedEffect[]]

export function phaseOf(state: PeerState): Phase {
  const value: string | object = state.snapshot.value
  return (typeof value === 'string' ? value : Object.keys(value)[0]) as Phase
}

/** Asked at whatever is heard: XState's `matches` makes a path of each question. */
export function isIn(state: PeerState, phase: Phase, stage: string): boolean {
  const value: string | { readonly [phase in Phase]?: string } = state.snapshot.value
  return typeof value === 'object' && value[phase] === stage
}

export function roundOf(state: PeerState): number {
  return state.snapshot.context.round
}
