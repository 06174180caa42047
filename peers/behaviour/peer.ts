/**
 * The behaviour of a peer: state and input in, state and effects out. It turns what the roster shows into events of the
 * lifecycle, and drops what comes from a task or a deadline that is no longer awaited.
 */
import type { Presence } from '../../protocols/wire/announcements.ts'
import type { Phase } from '../events.ts'
import type { PeerKey } from '../kernel/ports.ts'
import { begin, type Decision, decide, type LifecycleSnapshot } from './decide.ts'
import type { Effect, Outcome } from './effects.ts'
import type { LifecycleEvent, LifecycleInput, View } from './lifecycle-parts.ts'
import { mixedPhases } from './member.ts'
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

export function phaseOf(state: PeerState): Phase {
  const value: string | object = state.snapshot.value
  return (typeof value === 'string' ? value : Object.keys(value)[0]) as Phase
}

/** Asked at whatever is heard: XState's `matches` makes a path of each question. */
function isIn(state: PeerState, phase: Phase, stage: string): boolean {
  const value: string | { readonly [phase in Phase]?: string } = state.snapshot.value
  return typeof value === 'object' && value[phase] === stage
}

export function roundOf(state: PeerState): number {
  return state.snapshot.context.round
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

/** Does the roster show something that this peer waits for? Asked at whatever is heard. */
export function notices(state: PeerState, scene: Scene): boolean {
  return noticed(state, scene) !== undefined
}

type At = Pick<Presence, 'round' | 'phase' | 'ready'>

/** Phases of a peer that has an update for the round it is in, or will have one. */
const contributing = new Set(['generating', 'training', 'averaging'])
/** Phases of a round in which it is too late to begin it. Those that still generate have hardly begun themselves. */
const advanced = new Set(['training', 'averaging', 'personalising', 'evaluating'])

/** Its update for the round is still to come. One that has mixed in the round before is on its way here. */
const isUnready = (round: number, at: At): boolean =>
  (at.round === round && contributing.has(at.phase) && !at.ready) ||
  (at.round === round - 1 && (contributing.has(at.phase) || mixedPhases.has(at.phase)))

/** The event that the roster alone gives rise to in this state, if any. */
function noticed(state: PeerState, scene: Scene): LifecycleEvent | undefined {
  const phase = phaseOf(state)
  const { snapshot, config } = state
  const waits = phase === 'joining' || phase === 'averaging' || phase === 'idle'
  // Without rounds a peer may stop while it learns.
  if (!waits && (config.asynchronous === undefined || (phase !== 'generating' && phase !== 'training')))
    return undefined
  const { roster, now } = scene
  const { self } = config
  const { round } = snapshot.context
  const among = (such: (at: At) => boolean): number => roster.count(self, now, such)
  // Most of what is heard gives rise to nothing: the view is worked out where it is needed.
  const view = (): View => viewFor(state, { type: 'noticed' }, scene)
  if (phase === 'joining') {
    if (!isIn(state, 'joining', 'gathering')) return undefined
    const others = among(() => true)
    // Whoever finds a federation under way need not wait for all of it.
    const enough = others >= config.expected || among((at) => at.phase !== 'joining') > 0
    return enough && others === roster.live(self, now) ? { type: 'gathered', view: view() } : undefined
  }
  if (phase === 'generating' || phase === 'training') {
    const most = 2 * among((at) => at.round > config.rounds) > 1 + among(() => true)
    return most ? { type: 'overtaken', view: view() } : undefined
  }
  const gathering = isIn(state, 'averaging', 'gathering')
  if (gathering || isIn(state, 'idle', 'waiting')) {
    // A few who ended the round by themselves have not what the others will: their updates are still to come.
    const ended = among((at) => at.round > round || (at.round === round && mixedPhases.has(at.phase)))
    const here = 1 + among((at) => at.round === round && contributing.has(at.phase))
    const late = !gathering || ended >= here
    if (late && (roster.newest(self, now)?.round ?? 0) >= round) return { type: 'overtaken', view: view() }
  }
  if (gathering && !isCutOff(state, scene)) {
    const goes = among((at) => isUnready(round, at)) === 0 || roster.averagingBegan(round, self, now)
    // Whoever began otherwise than most has nothing to mix with them: alone it would end first, and stray for ever.
    if (goes && !roster.hasStrayed(round - 1, snapshot.context.base, self, now)) return { type: 'ready', view: view() }
  }
  if (isIn(state, 'idle', 'done')) {
    const { base } = snapshot.context
    const isLast = config.asynchronous === undefined && roster.newest(self, now)?.round === config.rounds
    if (isLast && roster.hasStrayed(config.rounds, base, self, now)) return { type: 'overtaken', view: view() }
    // Every live peer has come to its end.
    if (among((at) => at.round <= config.rounds) === 0) return { type: 'dispersed', view: view() }
  }
  return undefined
}

/** Are others there, and have all said where they are? Who is found again has said nothing yet. */
function hasCompany({ self }: PeerConfig, { roster, now }: Scene): boolean {
  const said = roster.count(self, now, () => true)
  return said > 0 && said === roster.live(self, now)
}

/** Whoever had company a moment ago has lost its connections and not the others; they are found again. */
function isCutOff({ config, snapshot, together }: PeerState, scene: Scene): boolean {
  if (together === undefined || hasCompany(config, scene)) return false
  return scene.now - together < snapshot.context.deadlines.average
}

function viewFor(state: PeerState, event: { type: string }, scene: Scene): View {
  const { config, snapshot } = state
  const { roster, now } = scene
  const { self } = config
  const { round, result, base } = snapshot.context
  const next = isPulled(event) ? event.checkpoint.round + 1 : round
  const newest = roster.newest(self, now)
  if (config.asynchronous !== undefined) {
    const apart = isApart(state, scene)
    return { ...(newest === undefined ? {} : { newest }), strayed: false, underWay: false, apart }
  }
  return {
    ...(newest === undefined ? {} : { newest }),
    apart: false,
    strayed: roster.hasStrayed(round, result ?? base, self, now),
    // Whoever comes now would hold up those who are well into the round.
    underWay: roster.count(self, now, (at) => at.round === next && advanced.has(at.phase)) > 0,
  }
}

/**
 * Whoever is behind at least half of all, or ahead of more than half, by more than they exchange over, would never mix
 * again. Of two halves the one behind goes over.
 */
function isApart({ config, snapshot }: PeerState, { roster, now }: Scene): boolean {
  const { self, asynchronous } = config
  const { version } = snapshot.context
  if (version === undefined) return (roster.newest(self, now)?.round ?? 0) > 0
  const bound = asynchronous?.bound ?? 0
  const among = (such: (gap: number) => boolean): number =>
    roster.count(self, now, (at) => at.phase !== 'joining' && such(at.round - 1 - version))
  const all = 1 + among(() => true)
  // What others say of their versions is rounded down.
  const behind = 2 * among((gap) => gap > bound)
  return behind >= all || behind + 2 * among((gap) => gap + 1 < -bound) > all
}

function isPulled(event: { type: string }): event is Extract<Outcome, { type: 'pulled' }> {
  return event.type === 'pulled'
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
