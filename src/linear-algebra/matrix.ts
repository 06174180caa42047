/** Dense matrices in float64, row-major; made for a few hundred rows and columns. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) }
}

export function matrixOf(rows: number, columns: number, data: ArrayLike<number>): Matrix {
  if (data.length !== rows * columns) {
    throw new RangeError(`Cannot make a ${rows} by ${columns} matrix: expected ${rows * columns}, got ${data.length}`)
  }
  return { rows, columns, data: Float64Array.from(data) }
}

export function transpose({ rows, columns, data }: Matrix): Matrix {
  const out = zeros(columns, rows)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out.data[c * rows + r] = data[r * columns + c] as number
  return out
}

export function multiply(x: Matrix, y: Matrix): Matrix {
  if (x.columns !== y.rows) {
    throw new RangeError(`Cannot multiply matrices: expected ${x.columns} rows on the right, got ${y.rows}`)
  }
  const out = zeros(x.rows, y.columns)
  for (let r = 0; r < x.rows; r++) {
    for (let k = 0; k < x.columns; k++) {
      const factor = x.data[r * x.columns + k] as number
      if (factor === 0) continue
      for (let c = 0; c < y.columns; c++) {
        const at = r * y.columns + c
        out.data[at] = (out.data[at] as number) + factor * (y.data[k * y.columns + c] as number)
      }
    }
  }
  return out
}

/** Columns one after the other, `from` to before `to`. */
export function columnsOf({ rows, columns, data }: Matrix, from: number, to: number): Matrix {
  const out = zeros(rows, to - from)
  for (let r = 0; r < rows; r++) out.data.set(data.subarray(r * columns + from, r * columns + to), r * out.columns)
  return out
}

export function scaled({ rows, columns, data }: Matrix, factor: number): Matrix {
  return { rows, columns, data: data.map((value) => factor * value) }
}

/** Matrices of equally many rows, side by side. */
export function beside(matrices: readonly Matrix[]): Matrix {
  const rows = matrices[0]?.rows ?? 0
  const out = zeros(
    rows,
    matrices.reduce((sum, { columns }) => sum + columns, 0),
  )
  let at = 0
  for (const { columns, data } of matrices) {
    for (let r = 0; r < rows; r++) out.data.set(data.subarray(r * columns, (r + 1) * columns), r * out.columns + at)
    at += columns
  }
  return out
}
