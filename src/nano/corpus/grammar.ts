/**
 * Sentences with gaps, written and read by the same rules: what writes an example also recognises one that a model
 * wrote, and gives back what stands in its gaps. A gap `{item}` is filled from the slot `item`; `{item2}` is another
 * value of the same slot; a gap that comes twice holds the same words twice.
 */
import type { Random } from '../../core/random.ts'
import { pick } from './draw.ts'
import { partsOf, type Slot, type Slots, sameSlot, slotNameOf } from './gaps.ts'
import { furthest, marksOf } from './marks.ts'

/** A sentence, and what it is an instance of where that matters (a kind of message, the gap asked for). */
export type Template = string | readonly [text: string, tag: string]

export interface Reading {
  readonly tag: string
  /** What stands in a gap. */
  of(gap: string): string
}

export interface Sentences {
  write(random: Random): { readonly text: string; readonly reading: Reading }
  read(text: string): Reading | undefined
  /** How far `text` is one of the sentences, with `before` and `after` around it: see marks.ts. */
  marks(text: string, before: string, after: string): string
}

/** A sentence with its gaps filled. */
export function fill(template: string, of: (gap: string) => string): string {
  return template.replace(/\{(\w+)\}/g, (_, gap) => of(gap))
}

export function oneOf(words: readonly string[]): Slot {
  // The longest first, so that "rye roll" is not read as "rye".
  const longest = [...words].sort((a, b) => b.length - a.length)
  return { draw: (random) => pick(random, words), pattern: `(?:${longest.map(literally).join('|')})`, words }
}

export function sentences(templates: readonly Template[], slots: Slots): Sentences {
  const all = templates.map((template) =>
    typeof template === 'string' ? sentence(template, '', slots) : sentence(template[0], template[1], slots),
  )
  return {
    write: (random) => pick(random, all).write(random),
    read: (text) => {
      for (const { read } of all) {
        const reading = read(text)
        if (reading !== undefined) return reading
      }
      return undefined
    },
    marks: (text, before, after) => furthest(all.map(({ marks }) => marks(text, before, after))),
  }
}

function sentence(template: string, tag: string, slots: Slots): Sentences {
  const gaps = [...new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, gap]) => gap as string))]
  const slotOf = (gap: string): Slot => {
    const slot = slots[slotNameOf(gap)]
    if (slot === undefined) throw new RangeError(`Cannot fill "${template}": expected a slot for {${gap}}, got none`)
    return slot
  }
  let expression: RegExp | undefined
  return {
    write: (random) => {
      const values = new Map<string, string>()
      for (const gap of gaps) values.set(gap, another(random, slotOf(gap), sameSlot(values, gap)))
      return { text: fill(template, reading(tag, values).of), reading: reading(tag, values) }
    },
    read: (text) => {
      expression ??= new RegExp(`^${patternOf(template, slotOf)}$`)
      const groups = expression.exec(text)?.groups ?? (expression.test(text) ? {} : undefined)
      if (groups === undefined) return undefined
      const values = new Map(Object.entries(groups))
      const distinct = gaps.every((gap) => !sameSlot(values, gap).includes(values.get(gap) as string))
      return distinct ? reading(tag, values) : undefined
    },
    marks: (text, before, after) => marksOf([{ said: before }, ...partsOf(template), { said: after }], slotOf, text),
  }
}

function patternOf(template: string, slotOf: (gap: string) => Slot): string {
  const seen = new Set<string>()
  return partsOf(template)
    .map((part) => {
      if ('said' in part) return literally(part.said)
      if (seen.has(part.gap)) return `\\k<${part.gap}>`
      seen.add(part.gap)
      return `(?<${part.gap}>${slotOf(part.gap).pattern})`
    })
    .join('')
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Slots hold far more values than a sentence has gaps; a slot that does not is a mistake in a word list. */
function another(random: Random, slot: Slot, taken: readonly string[]): string {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const value = slot.draw(random)
    if (!taken.includes(value)) return value
  }
  throw new RangeError(`Cannot fill a gap: expected a value other than ${taken.join(', ')}, the slot has none`)
}

function reading(tag: string, values: ReadonlyMap<string, string>): Reading {
  return {
    tag,
    of: (gap) => {
      const value = values.get(gap)
      if (value === undefined) throw new RangeError(`Cannot read gap {${gap}}: the sentence has ${[...values.keys()]}`)
      return value
    },
  }
}
