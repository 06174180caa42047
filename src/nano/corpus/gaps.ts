/** The gaps of a sentence: `{item}` is filled from the slot `item`, `{item2}` with another value of the same slot. */
import type { Random } from '../../core/random.ts'

/** What may stand in a gap. */
export interface Slot {
  draw(random: Random): string
  /** Source of a regular expression without groups that it matches. */
  readonly pattern: string
  /** All that may stand there, where that can be listed. */
  readonly words?: readonly string[]
}

export type Slots = Readonly<Record<string, Slot>>

/** A template as what it says and its gaps, in order. */
export type Part = { readonly said: string } | { readonly gap: string }

export function partsOf(template: string): Part[] {
  return template.split(/(\{\w+\})/).map((part) => {
    const gap = /^\{(\w+)\}$/.exec(part)?.[1]
    return gap === undefined ? { said: part } : { gap }
  })
}

/** The slot that a gap is filled from. */
export function slotNameOf(gap: string): string {
  return gap.replace(/\d+$/, '')
}

/** Values of the other gaps of its slot. */
export function sameSlot(values: ReadonlyMap<string, string>, gap: string): string[] {
  return [...values].flatMap(([other, value]) =>
    other !== gap && slotNameOf(other) === slotNameOf(gap) ? [value] : [],
  )
}
