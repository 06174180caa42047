/**
 * The fewest of the heaviest whose measures add up to a target: top-k (each counts 1) and top-p (each counts its
 * weight) alike. By quickselect (Hoare 1961), which sorts nothing: a flat distribution has tens of thousands of tokens.
 */

/** `ids` are ascending, and so is what is kept of them, in their memory. Of equal weights the lower id comes first. */
export function heaviest(
  ids: Int32Array,
  weights: Float32Array,
  measure: (id: number) => number,
  target: number,
): Int32Array {
  const before = (a: number, b: number): boolean => {
    const x = weights[a] as number
    const y = weights[b] as number
    return x > y || (x === y && a < b)
  }
  const last = boundary(ids.slice(), before, measure, target)
  let count = 0
  for (const id of ids) if (id === last || before(id, last)) ids[count++] = id
  return ids.subarray(0, count)
}

/** The last one that is kept. Reorders `ids`. */
function boundary(
  ids: Int32Array,
  before: (a: number, b: number) => boolean,
  measure: (id: number) => number,
  target: number,
): number {
  let [from, to, kept] = [0, ids.length, 0]
  while (from < to) {
    const middle = (from + to) >> 1
    const pivot = ids[middle] as number
    ids[middle] = ids[to - 1] as number
    let [at, sum] = [from, 0]
    for (let i = from; i < to - 1; i++) {
      const id = ids[i] as number
      if (!before(id, pivot)) continue
      sum += measure(id)
      ids[i] = ids[at] as number
      ids[at++] = id
    }
    ids[to - 1] = ids[at] as number
    ids[at] = pivot
    const through = kept + sum + measure(pivot)
    if (kept + sum >= target) to = at
    else if (through >= target) return pivot
    else {
      kept = through
      from = at + 1
    }
  }
  return ids[from - 1] as number
}
