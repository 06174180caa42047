/**
 * Echoes: token ids in no order, said again and again. Drills do the same with words; echoes keep every token of the
 * vocabulary one that can be looked up and copied, also those that the documents know best in their own places.
 */
import type { Random } from '../../core/random.ts'

/** Two to four times the same `2` to `128` ids, from `first` to below `vocabulary`. */
export function echo(random: Random, first: number, vocabulary: number): number[] {
  const said = Array.from({ length: 2 + random.below(127) }, () => first + random.below(vocabulary - first))
  return Array.from({ length: 2 + random.below(3) }, () => said).flat()
}
