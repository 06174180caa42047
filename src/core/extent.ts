/** How far a set of numbers reaches. */
export interface Extent {
  readonly least: number
  readonly most: number
}

/** The smallest and the largest of any number of values: spread into a call, a long run's are more than a stack holds. */
export function extent(values: Iterable<number>): Extent {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return { least, most }
}
