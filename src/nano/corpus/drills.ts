/**
 * Drills: words that mean nothing, said again. All that can be predicted of them is what stood before, so they teach
 * looking back and copying (induction heads, arXiv 2209.11895), which examples in a prompt need, long before the tasks
 * alone would.
 */
import type { Random } from '../../core/random.ts'
import { chance, pick } from './draw.ts'
import { inventedWord } from './words/invented.ts'

/** One of two forms: lines said two to four times, or a list of pairs that is gone through again in another order. */
export function drill(random: Random): string {
  return chance(random, 0.5) ? repeated(random) : lookedUp(random)
}

function repeated(random: Random): string {
  const line = words(random, 4 + random.below(20)).join(' ')
  return Array.from({ length: 2 + random.below(3) }, () => `${line}\n`).join('')
}

function lookedUp(random: Random): string {
  const names = words(random, 3 + random.below(8))
  const pairs = names.map((name) => [name, words(random, 1 + random.below(3)).join(' ')] as const)
  const [between, end] = pick(random, [
    [': ', ''],
    [' = ', ''],
    [' -> ', ';'],
    [' is ', '.'],
  ] as const)
  const again = random.shuffle(Array.from({ length: 1 + random.below(2) }, () => pairs).flat())
  return [...pairs, ...again].map(([name, value]) => `${name}${between}${value}${end}\n`).join('')
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

function words(random: Random, count: number): string[] {
  const different = new Set<string>()
  while (different.size < count) different.add(word(random))
  return [...different]
}

/** Syllables, letters in no order, or digits, in the cases that names, codes and amounts have. */
function word(random: Random): string {
  const form = random.below(10)
  if (form < 2) return String(random.below(10 ** (1 + random.below(6))))
  const plain =
    form < 6
      ? inventedWord(random)
      : Array.from({ length: 2 + random.below(7) }, () => pick(random, [...letters])).join('')
  if (form % 3 === 0) return plain
  return form % 3 === 1 ? `${plain[0]?.toUpperCase()}${plain.slice(1)}` : plain.toUpperCase()
}
