/** Draws from lists. */
import type { Random } from '../../core/random.ts'

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)] as T
}

/** `count` different ones, or all where there are fewer. */
export function sample<T>(random: Random, items: readonly T[], count: number): T[] {
  return random.shuffle(items).slice(0, count)
}

export function chance(random: Random, probability: number): boolean {
  return random.next() < probability
}
