/**
 * Which factors of the shared adapter a round trains and mixes. A mean of factors is the mean of the adapters they make
 * only where one of the two is the same everywhere:
 *
 *   Σ w B A - (Σ w B)(Σ w A) = Σ w (B - B̃)(A - Ã)
 *
 * - `ffa`: B; A is frozen for good (FFA-LoRA, arXiv 2403.12313). Exact, and half the bytes.
 * - `alternate`: B in the first round, A in the second, and so on, the other one frozen (RoLoRA, arXiv 2502.01755). Exact
 *   among peers that hold the same frozen factor. B comes first, because A has no gradient while B is zero.
 * - `both`: the two of them (FedIT, arXiv 2305.05644). Off by the term on the right.
 * - `svd`: the adapters themselves, of whatever rank each peer has, and the best common one of the federation's rank
 *   (`ranks.ts`). Exact up to what that discards.
 */
export const factorings = ['ffa', 'alternate', 'both', 'svd'] as const
export type Factoring = (typeof factorings)[number]

export type Parts = 'A' | 'B' | 'AB'

/** Rounds count from 1. */
export function mixedParts(factoring: Factoring, round: number): Parts {
  if (factoring === 'both' || factoring === 'svd') return 'AB'
  return factoring === 'alternate' && round % 2 === 0 ? 'A' : 'B'
}

/** What differs from the federation's start sooner or later: all that a newcomer has to be given. */
export function movingParts(factoring: Factoring): Parts {
  return factoring === 'ffa' ? 'B' : 'AB'
}
