/** Sets a held-out share aside before anything else looks at the data. */
import type { Random } from '../core/random.ts'
import type { Example } from './example.ts'

export interface Split {
  readonly train: readonly Example[]
  readonly heldOut: readonly Example[]
}

/**
 * At least one example stays on each side where there are two; the same seed gives the same split.
 *
 * Each example has a number that follows from the seed and from what it says, and the lowest are held out, whatever
 * the order. So one example more makes at most one old example change sides: into what is held out only where one more
 * is held out. Examples that say the same go by their order.
 */
export function holdOut(examples: readonly Example[], share: number, random: Random): Split {
  const rank = ({ instruction, input, response }: Example): number =>
    random.derive(`held out/${JSON.stringify([instruction, input ?? '', response])}`).next()
  const ranked = examples.map((example) => ({ example, at: rank(example) })).sort((a, b) => a.at - b.at)
  const ordered = ranked.map(({ example }) => example)
  const wanted = Math.round(examples.length * share)
  const count = share === 0 ? 0 : Math.min(examples.length - 1, Math.max(1, wanted))
  return { heldOut: ordered.slice(0, count), train: ordered.slice(count) }
}
