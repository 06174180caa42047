import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../src/core/random.ts'
import { columnsOf, type Matrix, matrixOf, multiply, transpose, zeros } from '../../../src/linear-algebra/matrix.ts'
import { qr } from '../../../src/linear-algebra/qr.ts'
import { svd } from '../../../src/linear-algebra/svd.ts'

function draw(seed: number, rows: number, columns: number): Matrix {
  const random = createRandom(seed)
  return matrixOf(
    rows,
    columns,
    Array.from({ length: rows * columns }, () => random.normal()),
  )
}
/** Of a rank that is not full wherever a side is longer than `rank`. */
const drawRank = (seed: number, rows: number, columns: number, rank: number): Matrix =>
  multiply(draw(seed, rows, rank), draw(seed + 1, rank, columns))
const largest = ({ data }: Matrix): number => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
const apart = (x: Matrix, y: Matrix): number => {
  assert.deepEqual([x.rows, x.columns], [y.rows, y.columns])
  return x.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (y.data[i] as number))), 0)
}
const diagonal = (values: ArrayLike<number>): Matrix => {
  const out = zeros(values.length, values.length)
  for (let i = 0; i < values.length; i++) out.data[i * values.length + i] = values[i] as number
  return out
}
const identity = (n: number): Matrix => diagonal(new Float64Array(n).fill(1))

const side = fc.integer({ min: 1, max: 12 })
const matrices = fc
  .tuple(fc.nat(), side, side, side, fc.constantFrom(1e-6, 1, 1e6))
  .map(([seed, rows, columns, rank, size]) => {
    const { data } = drawRank(seed, rows, columns, rank)
    return matrixOf(
      rows,
      columns,
      data.map((value) => size * value),
    )
  })

test('qr() gives back the matrix, with orthonormal columns and nothing below the diagonal', () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const { q, r } = qr(matrix)
      assert.ok(apart(multiply(q, r), matrix) <= 1e-13 * (1 + largest(matrix)) * 10)
      assert.ok(apart(multiply(transpose(q), q), identity(q.columns)) <= 1e-13)
      for (let row = 0; row < r.rows; row++) {
        for (let c = 0; c < row; c++) assert.equal(r.data[row * r.columns + c], 0)
      }
    }),
  )
})

test('svd() gives back the matrix, with orthonormal vectors and singular values from the largest down', () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const { u, sigma, v } = svd(matrix)
      assert.ok(apart(multiply(multiply(u, diagonal(sigma)), transpose(v)), matrix) <= 1e-12 * (1 + largest(matrix)))
      assert.ok(sigma.every((value, i) => value >= 0 && value <= (sigma[i - 1] ?? Number.POSITIVE_INFINITY)))
      const rank = sigma.filter((value) => value > 1e-10 * (sigma[0] ?? 0)).length
      for (const side of [u, v]) {
        const kept = columnsOf(side, 0, rank)
        assert.ok(apart(multiply(transpose(kept), kept), identity(rank)) <= 1e-10)
      }
    }),
  )
})

test('svd() finds the singular values of a matrix that was made of them', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 9 }), (seed, n) => {
      const random = createRandom(seed)
      const values = Float64Array.from({ length: n }, () => 10 * random.next() ** 4).sort((a, b) => b - a)
      const [left, right] = [qr(draw(seed, n + 3, n)).q, qr(draw(seed + 1, n, n)).q]
      const { sigma } = svd(multiply(multiply(left, diagonal(values)), transpose(right)))
      for (const [i, value] of values.entries()) assert.ok(Math.abs(value - (sigma[i] as number)) <= 1e-12 * 10)
    }),
  )
})

test('svd() of nothing but zeros has no singular value', () => {
  const { u, sigma, v } = svd(zeros(3, 2))
  assert.deepEqual([...sigma, ...u.data, ...v.data], new Array(12).fill(0))
})

test('matrixOf() and multiply() refuse what does not fit', () => {
  assert.throws(() => matrixOf(2, 2, [1, 2, 3]), /expected 4, got 3/)
  assert.throws(() => multiply(zeros(2, 3), zeros(2, 3)), /expected 3 rows on the right, got 2/)
})
