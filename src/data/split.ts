/** Sets a held-out share aside before anything else looks at the data. */
import type { Random } from '../core/random.ts'
import type { Example } from './example.ts'

export interface Split {
  readonly train: readonly Example[]
  readonly heldOut: readonly Example[]
}

/** At least one example stays on each side where there are two; the same seed gives the same split. */
export function holdOut(examples: readonly Example[], share: number, random: Random): Split {
  const shuffled = random.derive('held out').shuffle(examples)
  const wanted = Math.round(examples.length * share)
  const count = share === 0 ? 0 : Math.min(examples.length - 1, Math.max(1, wanted))
  return { heldOut: shuffled.slice(0, count), train: shuffled.slice(count) }
}
