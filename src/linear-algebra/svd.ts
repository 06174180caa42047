/**
 * Singular value decomposition by one-sided Jacobi rotations (Hestenes 1958; Golub and Van Loan, 8.6.3): columns are
 * rotated in pairs until all are orthogonal. Slow for large matrices, and accurate for small singular values too.
 */
import { type Matrix, transpose, zeros } from './matrix.ts'

/** matrix = u · diag(sigma) · vᵀ. */
export interface Svd {
  /** [rows, k]; its columns are orthonormal, but zero where the singular value is. */
  readonly u: Matrix
  /** k numbers from 0, the largest first; k is the smaller side of the matrix. */
  readonly sigma: Float64Array
  /** [columns, k]; as u. */
  readonly v: Matrix
}

const mostSweeps = 60
/** Cosine of the angle of two columns that count as orthogonal. */
const orthogonal = 1e-15

export function svd(matrix: Matrix): Svd {
  if (matrix.rows < matrix.columns) {
    const { u, sigma, v } = svd(transpose(matrix))
    return { u: v, sigma, v: u }
  }
  const { rows, columns } = matrix
  // Transposed, so that what is rotated lies together.
  const left = transpose(matrix).data
  const right = zeros(columns, columns).data
  for (let c = 0; c < columns; c++) right[c * columns + c] = 1
  const square = (c: number): number => dot(left, left, c * rows, c * rows, rows)
  const squares = new Float64Array(columns)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    // Rotations keep them up to date; so rounding does not add up over sweeps.
    for (let c = 0; c < columns; c++) squares[c] = square(c)
    let rotated = false
    for (let p = 0; p < columns - 1; p++) {
      for (let q = p + 1; q < columns; q++) {
        const turn = turnOf(squares, p, q, dot(left, left, p * rows, q * rows, rows))
        if (turn === undefined) continue
        rotated = true
        rotate(left, p * rows, q * rows, rows, turn)
        rotate(right, p * columns, q * columns, columns, turn)
      }
    }
    if (!rotated) break
  }
  const lengths = Float64Array.from({ length: columns }, (_, c) => Math.sqrt(square(c)))
  const order = [...lengths.keys()].sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b)
  const [u, v] = [zeros(rows, columns), zeros(columns, columns)]
  const sigma = Float64Array.from(order, (c) => lengths[c] as number)
  const negligible = (sigma[0] ?? 0) * columns * Number.EPSILON
  for (const [place, c] of order.entries()) {
    const length = sigma[place] as number
    if (length <= negligible) {
      sigma[place] = 0
      continue
    }
    for (let r = 0; r < rows; r++) u.data[r * columns + place] = (left[c * rows + r] as number) / length
    for (let r = 0; r < columns; r++) v.data[r * columns + place] = right[c * columns + r] as number
  }
  return { u, sigma, v }
}

interface Turn {
  readonly cos: number
  readonly sin: number
}

/** The rotation that makes columns p and q orthogonal, and what it makes of their squares; undefined: they are. */
function turnOf(squares: Float64Array, p: number, q: number, gamma: number): Turn | undefined {
  const [alpha, beta] = [squares[p] as number, squares[q] as number]
  if (gamma === 0 || Math.abs(gamma) <= orthogonal * Math.sqrt(Math.max(0, alpha * beta))) return undefined
  const zeta = (beta - alpha) / (2 * gamma)
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const cos = 1 / Math.sqrt(1 + t * t)
  squares[p] = alpha - t * gamma
  squares[q] = beta + t * gamma
  return { cos, sin: cos * t }
}

function rotate(data: Float64Array, p: number, q: number, length: number, { cos, sin }: Turn): void {
  for (let i = 0; i < length; i++) {
    const x = data[p + i] as number
    const y = data[q + i] as number
    data[p + i] = cos * x - sin * y
    data[q + i] = sin * x + cos * y
  }
}

function dot(x: Float64Array, y: Float64Array, atX: number, atY: number, length: number): number {
  let sum = 0
  for (let i = 0; i < length; i++) sum += (x[atX + i] as number) * (y[atY + i] as number)
  return sum
}
