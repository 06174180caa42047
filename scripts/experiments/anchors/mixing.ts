/**
 * Mixing while peers come and go and messages are lost, in the fixed point of the product: the arithmetic of its
 * exchange without its messages. An edge that fails leaves both ends as they are; one whose commit is late moves the
 * responder when the two meet again.
 */
import { addDelta, deltaOf, mixingGrid, toGrid } from '../../../src/averaging/fixed-point.ts'
import type { Round, Topology } from '../../../src/averaging/schedule.ts'
import { createRandom, type Random } from '../../../src/core/random.ts'
import { type Form, planFor } from './plan.ts'

export interface Faults {
  readonly rounds: number
  /** Chances of a peer in each round; with `leaves` + `returns` = 1 rounds do not depend on one another. */
  readonly leaves: number
  readonly returns: number
  /** Of a message; an attempt takes an offer and a counter, and an edge that many attempts. */
  readonly loss: number
  readonly attempts: number
  /** Of an edge that was committed. */
  readonly lateCommit: number
}

/** Over all peers, and over those that are up. */
export interface Errors {
  readonly all: number
  readonly up: number
}

export interface Mixed {
  /** Root mean square distance from the true mean after each round, as a share of that at the start. */
  readonly errors: readonly Errors[]
  /** Largest change of a coordinate's sum, late commits included, in units, over all rounds. */
  readonly drift: number
}

/** What the initiator has done and the responder has not. */
interface Late {
  readonly a: number
  readonly b: number
  readonly delta: Int32Array
}

const width = 8

export function mixUnderFaults(topology: Topology, form: Form, n: number, faults: Faults, seed: string): Mixed {
  const random = createRandom(seed)
  const drawn = random.derive('values')
  const network = random.derive('messages')
  const states = Array.from({ length: n }, () =>
    toGrid(
      Array.from({ length: width }, () => drawn.normal()),
      mixingGrid,
    ),
  )
  const sums = sumsOf(states, [])
  const mean = sums.map((sum) => sum / n)
  const spread = meanSquare(states, mean)
  const plan = planFor(topology, form, n, `${seed} plan`)
  const online = presence(n, faults, random.derive('presence'))
  const errors: Errors[] = []
  let late: Late[] = []
  let drift = 0
  for (let t = 0; t < faults.rounds; t++) {
    const isUp = online()
    late = late.filter((entry) => !(isUp[entry.a] && isUp[entry.b] && meets(network, faults) && settle(states, entry)))
    late.push(...exchange(states, plan(t, isUp), isUp, network, faults))
    const share = (some: readonly Int32Array[]): number => Math.sqrt(meanSquare(some, mean) / spread)
    errors.push({ all: share(states), up: share(states.filter((_, peer) => isUp[peer])) })
    for (const [c, sum] of sumsOf(states, late).entries()) drift = Math.max(drift, Math.abs(sum - (sums[c] as number)))
  }
  return { errors, drift }
}

/** Who is up, round after round, from the first round on as often as in the long run. */
function presence(n: number, { leaves, returns }: Faults, random: Random): () => readonly boolean[] {
  let isUp = Array.from({ length: n }, () => random.next() >= leaves / (leaves + returns))
  return () => {
    const now = isUp
    isUp = now.map((up) => (up ? random.next() >= leaves : random.next() < returns))
    return now
  }
}

/** Does one of the attempts get both of its messages through? */
function meets(network: Random, { loss, attempts }: Faults): boolean {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (network.next() >= loss && network.next() >= loss) return true
  }
  return false
}

/** Every edge works on the states at the round's start; returns the commits that are late. */
function exchange(states: Int32Array[], round: Round, isUp: readonly boolean[], network: Random, faults: Faults) {
  const start = [...states]
  const late: Late[] = []
  for (const { a, b, num, den } of round) {
    if (!isUp[a] || !isUp[b] || !meets(network, faults)) continue
    const delta = deltaOf(start[a] as Int32Array, start[b] as Int32Array, num, den)
    const moved = addDelta(states[a] as Int32Array, delta, 1)
    if (moved === undefined) continue
    const entry = { a, b, delta }
    // Checked for the responder, too, before anything is committed.
    if (addDelta(states[b] as Int32Array, delta, -1) === undefined) continue
    states[a] = moved
    if (network.next() < faults.lateCommit || !settle(states, entry)) late.push(entry)
  }
  return late
}

function settle(states: Int32Array[], { b, delta }: Late): boolean {
  const moved = addDelta(states[b] as Int32Array, delta, -1)
  if (moved !== undefined) states[b] = moved
  return moved !== undefined
}

/** Integers below 2^53: exact. */
function sumsOf(states: readonly Int32Array[], late: readonly Late[]): number[] {
  const sums = new Array<number>(width).fill(0)
  const add = (values: Int32Array, sign: number): void => {
    for (let c = 0; c < width; c++) sums[c] = (sums[c] as number) + sign * (values[c] as number)
  }
  for (const state of states) add(state, 1)
  for (const { delta } of late) add(delta, -1)
  return sums
}

function meanSquare(states: readonly Int32Array[], mean: readonly number[]): number {
  let total = 0
  for (const state of states) {
    for (let c = 0; c < width; c++) total += ((state[c] as number) - (mean[c] as number)) ** 2
  }
  // Of nobody it is not a number, which has reached nothing.
  return total / states.length
}
