/** A figure over several seeds. */
export interface Spread {
  readonly mean: number
  /** Sample standard deviation; 0 where there is one value. */
  readonly sd: number
  readonly n: number
}

export function spread(values: readonly number[]): Spread {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n }
}

/** One `Spread` for each name that the records have in common. */
export function spreads<T extends { readonly [K in keyof T]: number }>(records: readonly T[]): Record<keyof T, Spread> {
  const names = Object.keys(records[0] ?? {}) as (keyof T)[]
  return Object.fromEntries(names.map((name) => [name, spread(records.map((record) => record[name]))])) as Record<
    keyof T,
    Spread
  >
}
