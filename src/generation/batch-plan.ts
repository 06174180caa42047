/** Which prompts are computed together. */
import { pieceTokens } from './prefill.ts'

/** Caches may take so much memory in all; a batch is smaller where sequences are long. */
const cacheBytes = 2 ** 30

/** Sequences that are decoded together, given the most positions that one may need of its own. */
export function seats(longest: number, bytesPerPosition: number, limit: number): number {
  return Math.max(1, Math.min(limit, Math.floor(cacheBytes / (longest * bytesPerPosition))))
}

/** Waiting prompts are let in together, since a prefill of few rows stalls all others for little. */
export function admits(waiting: number, active: number, seats: number): number {
  const free = Math.min(waiting, seats - active)
  return active === 0 || free >= Math.min(waiting, Math.ceil(seats / 4)) ? free : 0
}

/**
 * Groups for one prefill each: rows of like length, so that little is padding, and as many as fill a piece. A prompt
 * longer than a piece is alone.
 */
export function prefillGroups<T extends { readonly own: readonly number[] }>(sequences: readonly T[]): T[][] {
  const groups: T[][] = []
  for (const sequence of sequences.toSorted((a, b) => b.own.length - a.own.length)) {
    const group = groups.at(-1)
    const longest = group?.[0]?.own.length ?? 0
    if (group !== undefined && (group.length + 1) * longest <= pieceTokens) group.push(sequence)
    else groups.push([sequence])
  }
  return groups
}
