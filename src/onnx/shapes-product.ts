/** Shapes of matrix products. */
import { all, broadcast, fail, input, int, type Made, type ShapeRule, sameType, swapped } from './shape-request.ts'
import { elements } from './tensor.ts'

const product: ShapeRule = (request) => {
  const [a, b] = [input(request, 0), input(request, 1)]
  if (a.shape.length < 2 || b.shape.length < 2) fail(request, 'two tensors of rank 2 or more')
  const left = int(request, 'transA', 0) === 1 ? swapped(a.shape) : a.shape
  const right = int(request, 'transB', 0) === 1 ? swapped(b.shape) : b.shape
  if (left.at(-1) !== right.at(-2)) fail(request, 'equal inner dimensions')
  const batch = broadcast(request, left.slice(0, -2), right.slice(0, -2))
  return [{ type: sameType(request, [a, b]), shape: [...batch, ...left.slice(-2, -1), ...right.slice(-1)] }]
}

export const productShapes: Readonly<Record<string, ShapeRule>> = {
  MatMul: product,
  FusedMatMul: product,
  Gemm: (request) => {
    if (all(request).some((x, i) => i < 2 && x.shape.length !== 2)) fail(request, 'two matrices')
    const [made] = product({ ...request, inputs: request.inputs.slice(0, 2) }) as [Made]
    const c = request.inputs[2]
    if (c !== undefined && String(broadcast(request, made.shape, c.shape)) !== String(made.shape))
      fail(request, `an addend that broadcasts to [${made.shape.join(', ')}]`)
    return [made]
  },
  /** x [..., K] float32; codes uint8 [N, ceil(K/block), block·bits/8]; scales [N·ceil(K/block)]. */
  MatMulNBits: (request) => {
    const [x, codes, scales] = [input(request, 0), input(request, 1), input(request, 2)]
    const [k, n, bits, block] = [int(request, 'K'), int(request, 'N'), int(request, 'bits'), int(request, 'block_size')]
    const blocks = Math.ceil(k / block)
    if (x.shape.at(-1) !== k) fail(request, `rows of ${k}`)
    if (codes.type !== 'uint8' || String(codes.shape) !== String([n, blocks, (block * bits) / 8]))
      fail(request, `codes uint8 [${n}, ${blocks}, ${(block * bits) / 8}]`)
    if (elements(scales.shape) !== n * blocks) fail(request, `${n * blocks} scales`)
    return [{ type: x.type, shape: [...x.shape.slice(0, -1), n] }]
  },
}
