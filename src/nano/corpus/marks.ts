/**
 * How far a text is a sentence of a grammar, and where it stops to be one: what tells a writer which of its words were
 * wrong, and not only that something was. A sign for each character: `s`, said because the sentence goes on like that (its own
 * words, or a value again); `f`, free, where something else could stand as well; `w`, wrong, as no sentence that begins so
 * goes on like that. Nothing follows what is wrong; where the text ends too early, a `w` stands behind its end.
 */
import { type Part, type Slot, sameSlot } from './gaps.ts'

/** Of one sentence. */
export function marksOf(parts: readonly Part[], slotOf: (gap: string) => Slot, text: string): string {
  const values = new Map<string, string>()
  let marks = ''
  for (const part of parts) {
    const rest = text.slice(marks.length)
    const said = 'said' in part ? part.said : values.get(part.gap)
    if (said !== undefined) {
      const begun = commonLength(said, rest)
      marks += 's'.repeat(begun)
      if (begun < said.length) return `${marks}w`
    } else if ('gap' in part) {
      const slot = slotOf(part.gap)
      const value = new RegExp(`^${slot.pattern}`).exec(rest)?.[0]
      if (value === undefined) return `${marks}${noValue(slot, rest)}`
      if (sameSlot(values, part.gap).includes(value)) return `${marks}${'w'.repeat(value.length)}`
      values.set(part.gap, value)
      marks += 'f'.repeat(value.length)
    }
  }
  return marks.length < text.length ? `${marks}w` : marks
}

/** Where one text alone is right. */
export function marksOfText(right: string, text: string): string {
  const begun = commonLength(right, text)
  return 's'.repeat(begun) + (begun < Math.max(right.length, text.length) ? 'w' : '')
}

/** Of a listed value it is known how far it was right; of a made one (a code, a price) all that stands there is wrong. */
function noValue({ words }: Slot, text: string): string {
  if (words === undefined) return 'w'.repeat((/^\S*/.exec(text)?.[0].length ?? 0) + 1)
  return `${'f'.repeat(Math.max(0, ...words.map((word) => commonLength(word, text))))}w`
}

/** Of the sentence that goes furthest; where another one goes on in another way, what stands there is free. */
export function furthest(marks: readonly string[]): string {
  const best = [...marks.reduce((best, other) => (wrongAt(other) > wrongAt(best) ? other : best))]
  for (const other of marks) if (best[wrongAt(other)] === 's') best[wrongAt(other)] = 'f'
  return best.join('')
}

/** Infinity where nothing is. */
function wrongAt(marks: string): number {
  const at = marks.indexOf('w')
  return at < 0 ? Number.POSITIVE_INFINITY : at
}

function commonLength(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}
