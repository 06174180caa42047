/**
 * What peers brought to each round, number by number. Mixing moves nobody out of what its members span, whatever fails
 * (an average is convex); so what they end with lies within, but for roundings.
 */
export interface Brought {
  add(round: number, numbers: ArrayLike<number>): void
  /** Does each number lie between the least and the greatest that any peer brought to the round? */
  spans(round: number, numbers: ArrayLike<number>): boolean
}

interface Span {
  readonly least: Float64Array
  readonly greatest: Float64Array
}

/** Of the grids that results are rounded to, many times over. */
const roundings = 2 ** -10

export function createBrought(): Brought {
  const spans = new Map<number, Span>()
  return {
    add(round, numbers) {
      const { length } = numbers
      const span = spans.get(round) ?? {
        least: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
        greatest: new Float64Array(length).fill(Number.NEGATIVE_INFINITY),
      }
      spans.set(round, span)
      for (let i = 0; i < length; i++) {
        span.least[i] = Math.min(span.least[i] as number, numbers[i] as number)
        span.greatest[i] = Math.max(span.greatest[i] as number, numbers[i] as number)
      }
    },
    spans(round, numbers) {
      const span = spans.get(round)
      if (span === undefined) return numbers.length === 0
      const least = (i: number): number => (span.least[i] as number) - roundings
      const greatest = (i: number): number => (span.greatest[i] as number) + roundings
      return Array.from(numbers).every((number, i) => number >= least(i) && number <= greatest(i))
    },
  }
}
