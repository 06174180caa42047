/**
 * The behaviour of a peer: state and input in, state and effects out, and what it says about itself. It drops what comes
 * from a task or a deadline that is no longer awaited.
 */
import type { Presence } from '../../protocols/wire/announcements.ts'
import { begin, type Decision, decide } from './decide.ts'
import type { LifecycleEvent } from './lifecycle-parts.ts'
import { hasCompany, noticed, viewFor } from './noticing.ts'
import {
  type Input,
  isIn,
  type PeerConfig,
  type PeerState,
  phaseOf,
  type Scene,
  type Step,
  type TicketedEffect,
} from './peer-state.ts'

export function createPeerState(config: PeerConfig): Step {
  const first = begin(config)
  return adopt({ config, snapshot: first[0], contributes: false, ticket: 0, awaited: {} }, first)
}

export function step(before: PeerState, input: Input, scene: Scene): Step {
  if (isStale(before, input)) return [before, []]
  const trained = input.type === 'outcome' && input.outcome.type === 'trained' ? input.outcome : undefined
  let state: PeerState =
    trained === undefined ? before : { ...before, contributes: trained.contributes, edition: trained.edition }
  if (hasCompany(state.config, scene)) state = { ...state, together: scene.now }
  const effects: TicketedEffect[] = []
  for (let event = eventOf(state, input, scene); event !== undefined; event = noticed(state, scene)) {
    const [after, more] = adopt(state, decide(state.snapshot, event))
    state = after
    effects.push(...more)
  }
  return [state, effects]
}

/** What this peer says about itself, every beat and at every change. */
export function presenceOf(state: PeerState): Presence {
  const { config, snapshot } = state
  const ready = isIn(state, 'averaging', 'gathering') || isIn(state, 'averaging', 'mixing')
  return {
    type: 'presence',
    name: config.name,
    round: toldRound(state),
    phase: phaseOf(state),
    digest: snapshot.context.base,
    // What averaging weighs it by, once it is ready.
    examples: ready && !state.contributes ? 0 : config.examples,
    ready,
    ...(ready && state.edition !== undefined ? { edition: state.edition } : {}),
  }
}

/** Without rounds: one more than the whole updates a peer that are in what it holds; more than all once it has finished. */
function toldRound({ config, snapshot: { context } }: PeerState): number {
  const { round, rounds, version = 0, finished = false } = context
  if (config.asynchronous === undefined) return round
  return finished ? rounds + 1 : Math.min(rounds, Math.max(1, Math.floor(version) + 1))
}

function isStale({ awaited }: PeerState, input: Input): boolean {
  if (input.type === 'outcome') return input.ticket !== awaited.task
  return input.type === 'deadline' && input.ticket !== awaited.deadline
}

function eventOf(state: PeerState, input: Input, scene: Scene): LifecycleEvent | undefined {
  switch (input.type) {
    case 'outcome':
      return { ...input.outcome, view: viewFor(state, input.outcome, scene) }
    case 'deadline':
      return { type: 'deadline', view: viewFor(state, input, scene) }
    case 'leave':
      return { type: 'leave', reason: input.reason, view: viewFor(state, input, scene) }
    case 'heard':
    case 'arrival':
    case 'beat':
      return noticed(state, scene)
  }
}

/** Takes over a new snapshot, gives its effects their tickets and voids the deadline of a state that was left. */
function adopt(state: PeerState, [snapshot, effects]: Decision): Step {
  let { ticket, awaited } = state
  const moved = JSON.stringify(snapshot.value) !== JSON.stringify(state.snapshot.value)
  if (moved) awaited = awaited.task === undefined ? {} : { task: awaited.task }
  const ticketed = effects.map((effect) => {
    ticket += 1
    if (effect.type === 'start') awaited = { ...awaited, task: ticket }
    if (effect.type === 'deadline') awaited = { ...awaited, deadline: ticket }
    return { ...effect, ticket }
  })
  return [{ ...state, snapshot, ticket, awaited }, ticketed]
}
