/**
 * Echoes: token ids in no order, said again and again. They keep every token of the vocabulary one that can be looked up
 * and copied, also those that the documents know best in their own places.
 */
import type { Random } from '../../core/random.ts'

export interface Echo {
  readonly ids: readonly number[]
  /** What is said for the first time, which nothing predicts. */
  readonly first: number
}

/** Two to four times the same 2 to 128 ids, from `least` to below `vocabulary`. */
export function echo(random: Random, least: number, vocabulary: number): Echo {
  const said = Array.from({ length: 2 + random.below(127) }, () => least + random.below(vocabulary - least))
  return { ids: Array.from({ length: 2 + random.below(3) }, () => said).flat(), first: said.length }
}
