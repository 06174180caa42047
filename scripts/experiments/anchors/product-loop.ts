/**
 * Session after session while peers come and go: every peer that is up brings a fresh update, all mix, and whoever comes
 * back in the middle pulls. In the fixed point of the product, without its messages; none is lost.
 *
 * The anchor does not say what a peer holds that comes back during a session, nor what it does then. Its figures fit
 * this: it pulls at once, from somebody who was up and as far as that one has come (so where one round is all, a
 * twentieth of the peers hold a bare update: √0.05 = 0.22, as the anchor has it for the all-gather); a member takes up its
 * edges of the schedule again (without that base-2 is 15 % worse than the anchor); and figures are means over sessions.
 */
import { addDelta, deltaOf, mixingGrid, toGrid } from '../../../src/averaging/fixed-point.ts'
import type { Round } from '../../../src/averaging/schedule.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'
import { createRandom, type Random } from '../../../src/core/random.ts'
import { planFor } from './plan.ts'

export interface Loop {
  /** Mixing rounds, on average; three tenths of all peers are down at any time. */
  readonly uptime: number
  /** Of those that are up when a session begins; without it there are only the rounds that follow. */
  readonly schedule?: string
  /** Rounds after that, each over those that are up then. */
  readonly mopUp?: { readonly over: 'random-matching' | 'random-cliques-4'; readonly rounds: number }
}

/** Means over the sessions. */
export interface LoopFigures {
  /** Root mean square distance of those that are up from their mean, for updates of variance 1. */
  readonly apart: number
  /** States that a peer sends in a session. */
  readonly sends: number
  /** Share of the sessions whose members that stayed all end within a few units. */
  readonly exact: number
  /** Largest change of a sum by exchanges, in units. */
  readonly drift: number
}

const width = 8
/** The first ones are left out: all begin from one state. */
const sessions = { first: 5, counted: 25 }
/** More than rounding leaves after an exact schedule. */
const fewUnits = 8

export function loopOf(loop: Loop, n: number, seed: string): LoopFigures {
  const random = createRandom(seed)
  const presence = random.derive('presence')
  const leaves = 1 / loop.uptime
  const world: World = {
    states: Array.from({ length: n }, () => new Int32Array(width)),
    isUp: Array.from({ length: n }, () => presence.next() >= 0.3),
    churn: { leaves, returns: (leaves * 0.7) / 0.3, random: presence },
  }
  const sums = { apart: 0, sends: 0, exact: 0, drift: 0 }
  for (let session = -sessions.first; session < sessions.counted; session++) {
    const { drift, ...figures } = runSession(world, loop, random.derive(`session ${session}`), `${seed} ${session}`)
    sums.drift = Math.max(sums.drift, drift)
    if (session < 0) continue
    for (const key of ['apart', 'sends', 'exact'] as const) sums[key] += figures[key]
  }
  const mean = (sum: number): number => sum / sessions.counted
  return { apart: mean(sums.apart), sends: mean(sums.sends), exact: mean(sums.exact), drift: sums.drift }
}

interface World {
  readonly states: Int32Array[]
  readonly isUp: boolean[]
  readonly churn: { readonly leaves: number; readonly returns: number; readonly random: Random }
}

function runSession(world: World, { schedule, mopUp }: Loop, updates: Random, seed: string): LoopFigures {
  const { states, isUp } = world
  for (const peer of upIn(isUp)) states[peer] = added(states[peer] as Int32Array, updates)
  const stayed = new Set(upIn(isUp))
  const planned = schedule === undefined ? [] : plannedRounds(schedule, isUp, seed)
  const follow = mopUp === undefined ? undefined : planFor(topologyByName(mopUp.over), 'live', states.length, seed)
  let [sends, drift] = [0, 0]
  for (let t = 0; t < planned.length + (mopUp?.rounds ?? 0); t++) {
    for (const gone of comeAndGo(world)) stayed.delete(gone)
    const round = planned[t] ?? follow?.(t, isUp) ?? []
    const carried = round.filter(({ a, b }) => isUp[a] && isUp[b])
    const before = sumsOf(states)
    mixRound(states, carried)
    drift = Math.max(drift, ...sumsOf(states).map((sum, c) => Math.abs(sum - (before[c] as number))))
    sends += (2 * carried.length) / Math.max(1, upIn(isUp).length)
  }
  const ends = upIn(isUp).map((peer) => states[peer] as Int32Array)
  const held = [...stayed].map((peer) => states[peer] as Int32Array)
  return { apart: spreadOf(ends), sends, exact: widest(held) <= fewUnits ? 1 : 0, drift }
}

/** One round of the session's whole plan each. */
function plannedRounds(schedule: string, isUp: readonly boolean[], seed: string): Round[] {
  const topology = topologyByName(schedule)
  const plan = planFor(topology, 'session', isUp.length, seed)
  return topology.rounds(upIn(isUp).length, '').map((_, t) => plan(t, isUp))
}

/** Returns those that have gone. Whoever comes pulls from somebody who was up. */
function comeAndGo({ states, isUp, churn: { leaves, returns, random } }: World): number[] {
  const were = upIn(isUp)
  const gone = were.filter(() => random.next() < leaves)
  for (let peer = 0; peer < isUp.length; peer++) {
    if (isUp[peer] || random.next() >= returns) continue
    isUp[peer] = true
    const from = were[random.below(Math.max(1, were.length))]
    if (from !== undefined) states[peer] = (states[from] as Int32Array).slice()
  }
  for (const peer of gone) isUp[peer] = false
  return gone
}

/** Every edge works on the states at the round's start. */
function mixRound(states: Int32Array[], round: Round): void {
  const start = [...states]
  for (const { a, b, num, den } of round) {
    const delta = deltaOf(start[a] as Int32Array, start[b] as Int32Array, num, den)
    const [up, down] = [addDelta(states[a] as Int32Array, delta, 1), addDelta(states[b] as Int32Array, delta, -1)]
    if (up === undefined || down === undefined) continue
    states[a] = up
    states[b] = down
  }
}

function added(state: Int32Array, random: Random): Int32Array {
  const update = Array.from({ length: width }, () => random.normal())
  return toGrid(update, mixingGrid).map((units, c) => units + (state[c] as number))
}

const upIn = (isUp: readonly boolean[]): number[] => isUp.flatMap((up, peer) => (up ? [peer] : []))

function sumsOf(states: readonly Int32Array[]): number[] {
  return Array.from({ length: width }, (_, c) => states.reduce((sum, state) => sum + (state[c] as number), 0))
}

function spreadOf(states: readonly Int32Array[]): number {
  if (states.length === 0) return 0
  const means = sumsOf(states).map((sum) => sum / states.length)
  const squares = states.reduce(
    (sum, state) => sum + means.reduce((s, m, c) => s + ((state[c] as number) - m) ** 2, 0),
    0,
  )
  return Math.sqrt(squares / states.length / width) * 2 ** mixingGrid.exponent
}

/** Largest distance of two in one coordinate, in units. */
function widest(states: readonly Int32Array[]): number {
  const spans = Array.from({ length: width }, (_, c) => {
    const values = states.map((state) => state[c] as number)
    return Math.max(...values) - Math.min(...values)
  })
  return states.length === 0 ? 0 : Math.max(...spans)
}
