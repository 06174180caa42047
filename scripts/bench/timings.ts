/** Best and median of repeated timings: the best is what the machine can do, the median what it did. */
export interface Summary {
  readonly best: number
  readonly median: number
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Of times, where less is better. */
export function summarize(times: readonly number[]): Summary {
  const sorted = [...times].sort((a, b) => a - b)
  return { best: sorted[0] ?? Number.NaN, median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN }
}

export function mapSummary({ best, median }: Summary, f: (value: number) => number): Summary {
  return { best: f(best), median: f(median) }
}
