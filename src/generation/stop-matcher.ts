/**
 * Finds stop texts in text that comes in pieces. What might be the beginning of one is held back, so that no part of a
 * stop text is ever handed out.
 */
export interface StopMatcher {
  /** The text that is safe to hand out now, and whether a stop text was completed (nothing may follow it). */
  push(piece: string): { readonly text: string; readonly stopped: boolean }
  /** What was held back, at the end. */
  flush(): string
}

export function createStopMatcher(stops: readonly string[]): StopMatcher {
  const patterns = stops.filter((stop) => stop.length > 0)
  let held = ''
  return {
    push(piece) {
      held += piece
      const found = patterns.map((stop) => held.indexOf(stop)).filter((at) => at >= 0)
      if (found.length > 0) {
        const text = held.slice(0, Math.min(...found))
        held = ''
        return { text, stopped: true }
      }
      const safe = held.length - heldBack(held, patterns)
      const text = held.slice(0, safe)
      held = held.slice(safe)
      return { text, stopped: false }
    },
    flush() {
      const text = held
      held = ''
      return text
    },
  }
}

/** Length of the longest end of `text` that begins a stop text. */
function heldBack(text: string, patterns: readonly string[]): number {
  const longest = Math.max(0, ...patterns.map((stop) => stop.length - 1))
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length)
    if (patterns.some((stop) => stop.startsWith(end))) return length
  }
  return 0
}
