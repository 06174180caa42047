/**
 * Which sequence lengths to compile graphs for. Graphs are static, so every sequence is padded to a compiled length;
 * each length costs the making of a session. Dynamic programming over the sorted lengths finds the cheapest set.
 */
export interface BucketOptions {
  /** Times every sample is computed. */
  readonly passes: number
  /** What making one more session costs, in positions that could have been computed meanwhile. */
  readonly sessionCost: number
  /** Lengths are rounded up to a multiple, so that later runs meet sessions they can use again. */
  readonly multiple: number
  readonly most: number
}

/** Ascending lengths; the last one holds the longest sample. */
export function chooseBuckets(lengths: readonly number[], options: BucketOptions): number[] {
  const counts = new Map<number, number>()
  for (const length of lengths) {
    const rounded = Math.ceil(length / options.multiple) * options.multiple
    counts.set(rounded, (counts.get(rounded) ?? 0) + 1)
  }
  const sizes = [...counts.keys()].sort((a, b) => a - b)
  // before[i]: samples among the i shortest sizes.
  const before = [0]
  for (const size of sizes) before.push((before.at(-1) as number) + (counts.get(size) as number))

  // cheapest[k][j]: least cost of the j shortest sizes in k buckets; cut[k][j]: sizes left to the k-1 buckets below.
  const cheapest: number[][] = [sizes.map(() => Number.POSITIVE_INFINITY)]
  cheapest[0]?.unshift(0)
  const cut: number[][] = [[]]
  for (let k = 1; k <= Math.min(options.most, sizes.length); k++) {
    const costs = [Number.POSITIVE_INFINITY]
    const cuts = [0]
    for (let j = 1; j <= sizes.length; j++) {
      let best = Number.POSITIVE_INFINITY
      let at = 0
      for (let i = k - 1; i < j; i++) {
        const samples = (before[j] as number) - (before[i] as number)
        const positions = samples * (sizes[j - 1] as number) * options.passes
        const cost = (cheapest[k - 1]?.[i] as number) + positions + options.sessionCost
        if (cost < best) {
          best = cost
          at = i
        }
      }
      costs.push(best)
      cuts.push(at)
    }
    cheapest.push(costs)
    cut.push(cuts)
  }

  const totals = cheapest.map((costs) => costs[sizes.length] as number)
  const buckets: number[] = []
  let j = sizes.length
  for (let k = totals.indexOf(Math.min(...totals)); k > 0; k--) {
    buckets.unshift(sizes[j - 1] as number)
    j = cut[k]?.[j] as number
  }
  return buckets
}
