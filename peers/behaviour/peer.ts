/**
 * The behaviour of a peer: state and input in, state and effects out. It keeps the roster, turns what the roster shows
 * into events of the lifecycle, and drops what comes from a task or a deadline that is no longer awaited.
 */
import { initialTransition, type SnapshotFrom, transition } from 'xstate'
import type { Presence } from '../../protocols/wire/announcements.ts'
import type { Phase } from '../events.ts'
import type { NetworkEvent, PeerKey } from '../kernel/ports.ts'
import type { Effect, Outcome } from './effects.ts'
import { type LifecycleContext, type LifecycleEvent, type LifecycleInput, lifecycle, type View } from './lifecycle.ts'
import {
  averagingBegan,
  createRoster,
  hasStrayed,
  livePeers,
  newestCheckpoint,
  present,
  type Roster,
  underWay,
  unready,
  updateRoster,
} from './roster.ts'

export interface PeerConfig extends LifecycleInput {
  readonly self: PeerKey
  readonly name: string
  /** Private examples held; its weight in every average. */
  readonly examples: number
  /** Other peers to wait for before the first round of all. */
  readonly expected: number
  /** Silence after which a peer without a connection counts as gone. */
  readonly silenceMs: number
}

/** Everything a peer reacts to. Tickets name the task or the deadline that an input answers. */
export type Input =
  | { readonly type: 'network'; readonly event: NetworkEvent }
  | { readonly type: 'outcome'; readonly ticket: number; readonly outcome: Outcome }
  | { readonly type: 'deadline'; readonly ticket: number }
  /** Time passed; silence is noticed. */
  | { readonly type: 'beat' }
  | { readonly type: 'leave'; readonly reason: string }

export interface PeerState {
  readonly config: PeerConfig
  readonly snapshot: SnapshotFrom<typeof lifecycle>
  readonly roster: Roster
  /** Has it an update to mix in this round? If not, its weight is 0. */
  readonly contributes: boolean
  /** Of the latest task and the latest deadline. */
  readonly ticket: number
  readonly awaited: { readonly task?: number; readonly deadline?: number }
}

export type TicketedEffect = Effect & { readonly ticket: number }
export type Step = readonly [state: PeerState, effects: readonly TicketedEffect[]]

export function createPeerState(config: PeerConfig): Step {
  const [snapshot, actions] = initialTransition(lifecycle, config)
  const state = { config, snapshot, roster: createRoster(config.silenceMs), contributes: false, ticket: 0, awaited: {} }
  return adopt(state, snapshot, actions)
}

export function step(before: PeerState, input: Input, now: number): Step {
  if (isStale(before, input)) return [before, []]
  const roster = input.type === 'network' ? updateRoster(before.roster, input.event, now) : before.roster
  const contributes =
    input.type === 'outcome' && input.outcome.type === 'trained' ? input.outcome.contributes : before.contributes
  let state: PeerState = { ...before, roster, contributes }
  const effects: TicketedEffect[] = []
  for (let event = eventOf(state, input, now); event !== undefined; event = noticed(state, now)) {
    const [snapshot, actions] = transition(lifecycle, state.snapshot, event)
    const [after, more] = adopt(state, snapshot, actions)
    state = after
    effects.push(...more)
  }
  return [state, effects]
}

export function phaseOf(state: PeerState): Phase {
  const value: string | object = state.snapshot.value
  return (typeof value === 'string' ? value : Object.keys(value)[0]) as Phase
}

export function roundOf(state: PeerState): number {
  return state.snapshot.context.round
}

/** What this peer says about itself, every beat and at every change. */
export function presenceOf(state: PeerState): Presence {
  const { config, snapshot } = state
  const ready = snapshot.matches({ averaging: 'gathering' }) || snapshot.matches({ averaging: 'mixing' })
  return {
    type: 'presence',
    name: config.name,
    round: snapshot.context.round,
    phase: phaseOf(state),
    digest: snapshot.context.base,
    // What averaging weighs it by, once it is ready.
    examples: ready && !state.contributes ? 0 : config.examples,
    ready,
  }
}

function isStale({ awaited }: PeerState, input: Input): boolean {
  if (input.type === 'outcome') return input.ticket !== awaited.task
  return input.type === 'deadline' && input.ticket !== awaited.deadline
}

function eventOf(state: PeerState, input: Input, now: number): LifecycleEvent | undefined {
  switch (input.type) {
    case 'outcome':
      return { ...input.outcome, view: viewFor(state, input.outcome, now) }
    case 'deadline':
      return { type: 'deadline', view: viewFor(state, input, now) }
    case 'leave':
      return { type: 'leave', reason: input.reason, view: viewFor(state, input, now) }
    case 'network':
    case 'beat':
      return noticed(state, now)
  }
}

/** The event that the roster alone gives rise to in this state, if any. */
function noticed(state: PeerState, now: number): LifecycleEvent | undefined {
  const { snapshot, roster, config } = state
  const { round } = snapshot.context
  // Most of what is heard gives rise to nothing: the view is worked out where it is needed.
  const view = (): View => viewFor(state, { type: 'noticed' }, now)
  if (snapshot.matches({ joining: 'gathering' })) {
    const others = present(roster, now)
    // Whoever finds a federation under way need not wait for all of it.
    const enough = others.length >= config.expected || others.some(([, { phase }]) => phase !== 'joining')
    const all = enough && others.length === livePeers(roster, now).length
    return all ? { type: 'gathered', view: view() } : undefined
  }
  const waits = snapshot.matches({ averaging: 'gathering' }) || snapshot.matches({ idle: 'waiting' })
  if (waits && (newestCheckpoint(roster, now)?.round ?? 0) >= round) return { type: 'overtaken', view: view() }
  if (snapshot.matches({ averaging: 'gathering' })) {
    const goes = unready(roster, round, now).length === 0 || averagingBegan(roster, round, now)
    if (goes) return { type: 'ready', view: view() }
  }
  if (snapshot.matches({ idle: 'done' }) && present(roster, now).every(([, other]) => other.round > config.rounds)) {
    return { type: 'dispersed', view: view() }
  }
  return undefined
}

function viewFor({ roster, snapshot }: PeerState, event: { type: string }, now: number): View {
  const { round, result, base } = snapshot.context
  const next = isPulled(event) ? event.checkpoint.round + 1 : round
  const newest = newestCheckpoint(roster, now)
  return {
    ...(newest === undefined ? {} : { newest }),
    strayed: hasStrayed(roster, round, result ?? base, now),
    underWay: underWay(roster, next, now),
  }
}

function isPulled(event: { type: string }): event is Extract<Outcome, { type: 'pulled' }> {
  return event.type === 'pulled'
}

/** Takes over a new snapshot, gives its effects their tickets and voids the deadline of a state that was left. */
function adopt(
  state: PeerState,
  snapshot: SnapshotFrom<typeof lifecycle>,
  actions: readonly { readonly type: string; readonly params?: unknown }[],
): Step {
  let { ticket, awaited } = state
  const moved = JSON.stringify(snapshot.value) !== JSON.stringify(state.snapshot.value)
  if (moved) awaited = awaited.task === undefined ? {} : { task: awaited.task }
  const effects = actions
    .filter(({ type }) => type === 'perform')
    .map((action) => {
      const effect = action.params as Effect
      ticket += 1
      if (effect.type === 'start') awaited = { ...awaited, task: ticket }
      if (effect.type === 'deadline') awaited = { ...awaited, deadline: ticket }
      return { ...effect, ticket }
    })
  return [{ ...state, snapshot, ticket, awaited }, effects]
}

export type { LifecycleContext }
