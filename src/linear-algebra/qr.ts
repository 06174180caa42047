/** QR by Householder reflections (Golub and Van Loan, Matrix Computations, 5.2). */
import { type Matrix, zeros } from './matrix.ts'

export interface Qr {
  /** [rows, k], its columns orthonormal; k is the smaller side of the matrix. */
  readonly q: Matrix
  /** [k, columns], zero below the diagonal. */
  readonly r: Matrix
}

export function qr(matrix: Matrix): Qr {
  const { rows, columns } = matrix
  const k = Math.min(rows, columns)
  const work = matrix.data.slice()
  /** Of each reflection I - 2 v vᵀ, v of length 1, or zero where there is nothing to reflect. */
  const reflectors: Float64Array[] = []
  for (let j = 0; j < k; j++) {
    const v = new Float64Array(rows)
    for (let r = j; r < rows; r++) v[r] = work[r * columns + j] as number
    const length = norm(v)
    v[j] = (v[j] as number) + ((v[j] as number) < 0 ? -length : length)
    const scale = norm(v)
    if (scale > 0) for (let r = j; r < rows; r++) v[r] = (v[r] as number) / scale
    reflect(work, columns, v, j, j)
    reflectors.push(v)
  }
  const r = zeros(k, columns)
  for (let row = 0; row < k; row++)
    r.data.set(work.subarray(row * columns + row, (row + 1) * columns), row * columns + row)
  const q = zeros(rows, k)
  for (let j = 0; j < k; j++) q.data[j * k + j] = 1
  for (let j = k - 1; j >= 0; j--) reflect(q.data, k, reflectors[j] as Float64Array, j, 0)
  return { q, r }
}

/** Applies I - 2 v vᵀ from the left to the columns from `first` on; v is zero above row `top`. */
function reflect(data: Float64Array, columns: number, v: Float64Array, top: number, first: number): void {
  const sums = new Float64Array(columns)
  for (let r = top; r < v.length; r++) {
    for (let c = first; c < columns; c++) {
      sums[c] = (sums[c] as number) + (v[r] as number) * (data[r * columns + c] as number)
    }
  }
  for (let r = top; r < v.length; r++) {
    for (let c = first; c < columns; c++) {
      const at = r * columns + c
      data[at] = (data[at] as number) - 2 * (v[r] as number) * (sums[c] as number)
    }
  }
}

/** No `Math.hypot`: engines may round it differently, and peers compare results to the last bit. */
function norm(vector: Float64Array): number {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  if (largest === 0) return 0
  let sum = 0
  for (const value of vector) sum += (value / largest) ** 2
  return largest * Math.sqrt(sum)
}
