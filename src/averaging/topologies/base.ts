/**
 * Base-(k+1): exact averaging of any number of peers in few rounds, with at most k partners a round.
 * Takezawa et al., "Beyond Exponential Graph", NeurIPS 2023, arXiv 2305.11420 (hyper-hypercube, Simple Base and Base
 * graph); the formulation with integers alone is ours.
 */
import { clique, type Edge, edge, type Round, type Topology } from '../schedule.ts'
import { finite } from './kinds.ts'

/** `base-4` has cliques of four: k = 3. */
export function base(cliqueSize: number): Topology {
  return finite(`base-${cliqueSize}`, (n) => baseRounds(n, cliqueSize - 1))
}

/** Simple Base alone: never shorter, and the form that the paper proves first. */
export function simpleBase(cliqueSize: number): Topology {
  return finite(`simple-base-${cliqueSize}`, (n) => simpleBaseRounds(range(0, n), cliqueSize - 1))
}

export function baseRounds(n: number, k: number): Round[] {
  if (n < 2) return []
  const peers = range(0, n)
  const simple = simpleBaseRounds(peers, k)
  // n = smooth * rest, with every prime factor of `smooth` at most k + 1.
  let smooth = 1
  let rest = n
  for (let x = 2; x <= k + 1; x++) {
    for (; rest % x === 0; rest /= x) smooth *= x
  }
  if (smooth === 1 || rest === 1) return simple
  const rows = range(0, smooth).map((i) => simpleBaseRounds(peers.slice(i * rest, (i + 1) * rest), k))
  const columns = range(0, rest).map((j) =>
    hyperHypercube(
      range(0, smooth).map((i) => i * rest + j),
      k,
    ),
  )
  const both = [...inParallel(rows), ...inParallel(columns)]
  return simple.length <= both.length ? simple : both
}

/** Cliques along each digit of a mixed-radix index; exact where all factors of the size are at most k + 1. */
function hyperHypercube(peers: readonly number[], k: number): Edge[][] {
  const rounds: Edge[][] = []
  let stride = 1
  for (const factor of factors(peers.length, k) ?? []) {
    const firsts = range(0, peers.length).filter((i) => Math.floor(i / stride) % factor === 0)
    rounds.push(firsts.flatMap((i) => clique(range(0, factor).map((m) => at(peers, i + m * stride)))))
    stride *= factor
  }
  return rounds
}

/** Ascending factors of n, all at most k + 1; undefined if there is a larger prime. */
function factors(n: number, k: number): number[] | undefined {
  const found: number[] = []
  for (let x = k + 1; x >= 2; x--) {
    for (; n % x === 0; n /= x) found.push(x)
  }
  return n === 1 ? found.reverse() : undefined
}

interface Block {
  /** How many parts of the same size, each a power of k + 1. */
  readonly parts: readonly (readonly number[])[]
  readonly all: readonly number[]
}

/**
 * Simple Base: n in base k + 1, one block per digit. First every block averages inside; then each block in turn gives
 * its parts what they need so that their mean is the mean of all; then every part averages inside.
 */
function simpleBaseRounds(peers: readonly number[], k: number): Edge[][] {
  if (peers.length < 2) return []
  if (factors(peers.length, k) !== undefined) return hyperHypercube(peers, k)
  const blocks = digitBlocks(peers, k)
  const rounds: Edge[][] = []

  const inside = blocks.map((block) => hyperHypercube(block.all, k))
  for (let m = 0; m < (inside[0]?.length ?? 0); m++) {
    rounds.push(inside.flatMap((own) => (own.length === 0 ? [] : at(own, m % own.length))))
  }

  const last = blocks.map((block) => block.parts.map((part) => hyperHypercube(part, k)))
  const done = blocks.map(() => 0)
  const finish = (l: number): Edge[] => {
    const step = done[l] ?? 0
    done[l] = step + 1
    return at(last, l).flatMap((own) => own[step] ?? [])
  }

  for (const [l, block] of blocks.slice(0, -1).entries()) {
    const rest = blocks.slice(l + 1).flatMap((later) => later.all)
    const [size, parts] = [block.all.length, block.parts.length]
    const across = rest.flatMap((v, t) =>
      block.parts.map((part) => edge(at(part, t), v, size, parts * (size + rest.length))),
    )
    rounds.push([...across, ...range(0, l).flatMap(finish)])
  }
  const remaining = () => last.some((parts, l) => parts.some((own) => (done[l] ?? 0) < own.length))
  while (remaining()) rounds.push(range(0, blocks.length).flatMap(finish))
  return rounds
}

function digitBlocks(peers: readonly number[], k: number): Block[] {
  let power = 1
  while (power * (k + 1) <= peers.length) power *= k + 1
  const blocks: Block[] = []
  let offset = 0
  for (; power >= 1; power /= k + 1) {
    const digit = Math.floor((peers.length - offset) / power)
    if (digit === 0) continue
    const start = offset
    const size = power
    blocks.push({
      parts: range(0, digit).map((s) => peers.slice(start + s * size, start + (s + 1) * size)),
      all: peers.slice(start, start + digit * size),
    })
    offset += digit * power
  }
  return blocks
}

/** Schedules of disjoint groups, side by side; all have the same length. */
function inParallel(schedules: readonly Edge[][][]): Edge[][] {
  return (schedules[0] ?? []).map((_, m) => schedules.flatMap((schedule) => schedule[m] ?? []))
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError(`Cannot take item ${index}: expected an index below ${items.length}`)
  return item
}
