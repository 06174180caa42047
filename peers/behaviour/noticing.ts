/** What the roster shows that a peer waits for, as an event of its lifecycle; and what the lifecycle may know of the roster. */
import type { Presence } from '../../protocols/wire/announcements.ts'
import type { Outcome } from './effects.ts'
import type { Held } from './held-adapters.ts'
import type { LifecycleEvent, View } from './lifecycle-parts.ts'
import { mixedPhases } from './member.ts'
import { isIn, type PeerConfig, type PeerState, phaseOf, type Scene } from './peer-state.ts'

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
export function noticed(state: PeerState, scene: Scene): LifecycleEvent | undefined {
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
    if (late && (newestOf(config, scene)?.round ?? 0) >= round) return { type: 'overtaken', view: view() }
  }
  if (gathering && !isCutOff(state, scene)) {
    const goes = among((at) => isUnready(round, at)) === 0 || roster.averagingBegan(round, self, now)
    // Whoever began otherwise than most has nothing to mix with them: alone it would end first, and stray for ever.
    if (goes && !roster.hasStrayed(round - 1, snapshot.context.base, self, now)) return { type: 'ready', view: view() }
  }
  if (isIn(state, 'idle', 'done')) {
    const { base } = snapshot.context
    const isLast = config.asynchronous === undefined && newestOf(config, scene)?.round === config.rounds
    if (isLast && roster.hasStrayed(config.rounds, base, self, now)) return { type: 'overtaken', view: view() }
    // Every live peer has come to its end.
    if (among((at) => at.round <= config.rounds) === 0) return { type: 'dispersed', view: view() }
  }
  return undefined
}

/** Are others there, and have all said where they are? Who is found again has said nothing yet. */
export function hasCompany({ self }: PeerConfig, { roster, now }: Scene): boolean {
  const said = roster.count(self, now, () => true)
  return said > 0 && said === roster.live(self, now)
}

/** Whoever had company a moment ago has lost its connections and not the others; they are found again. */
function isCutOff({ config, snapshot, together }: PeerState, scene: Scene): boolean {
  if (together === undefined || hasCompany(config, scene)) return false
  return scene.now - together < snapshot.context.deadlines.average
}

function newestOf({ self, rounds, asynchronous }: PeerConfig, { roster, now }: Scene): Held | undefined {
  return roster.newest(self, now, asynchronous === undefined ? rounds : undefined)
}

export function viewFor(state: PeerState, event: { type: string }, scene: Scene): View {
  const { config, snapshot } = state
  const { roster, now } = scene
  const { self } = config
  const { round, result, base } = snapshot.context
  const next = isPulled(event) ? event.checkpoint.round + 1 : round
  const newest = newestOf(config, scene)
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
