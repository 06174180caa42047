/** Singular values of a product, by way of the small matrix between the QR factors of its sides. */
import { type Matrix, multiply, transpose } from './matrix.ts'
import { qr } from './qr.ts'
import { type Svd, svd } from './svd.ts'

/** left · right = u · diag(sigma) · vᵀ. */
export function productSvd(left: Matrix, right: Matrix): Svd {
  const [outer, inner] = [qr(left), qr(transpose(right))]
  const { u, sigma, v } = svd(multiply(outer.r, transpose(inner.r)))
  return { u: multiply(outer.q, u), sigma, v: multiply(inner.q, v) }
}
