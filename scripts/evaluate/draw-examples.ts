/** Examples of held-out families: what is shown, what is asked, and what peers hold. */
import type { Random } from '../../src/core/random.ts'
import type { Example } from '../../src/data/example.ts'
import type { Family } from '../../src/nano/corpus/families.ts'

/** Different examples of some families, turn about; a family too small for its share gives fewer. */
export function drawExamples(drawn: readonly Family[], count: number, random: Random): Example[] {
  const found = new Map<string, Example>()
  for (let i = 0; i < count * 20 && found.size < count; i++) {
    const example = (drawn[i % drawn.length] as Family).make(random)
    found.set(`${example.instruction}\n${example.input ?? ''}`, example)
  }
  return [...found.values()]
}
