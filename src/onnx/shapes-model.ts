/** Shapes of the ops that a decoder is made of. */
import { fail, index, input, like, norm, type ShapeRule, sameType } from './shape-request.ts'

export const modelShapes: Readonly<Record<string, ShapeRule>> = {
  /** x [..., H], scale [H] -> the normed rows and 1/rms [..., 1]. */
  SimplifiedLayerNormalization: (request) => {
    const x = norm(request, input(request, 0), input(request, 1))
    return [like(x), { type: x.type, shape: [...x.shape.slice(0, -1), 1] }]
  },
  /** x, skip [..., H], scale [H] -> the normed sum, two outputs nobody uses, the sum. */
  SkipSimplifiedLayerNormalization: (request) => {
    const x = norm(request, input(request, 0), input(request, 2))
    if (String(input(request, 1).shape) !== String(x.shape)) fail(request, 'x and skip of one shape')
    const statistic = { type: x.type, shape: [...x.shape.slice(0, -1), 1] }
    return [like(x), statistic, statistic, like(x)]
  },
  /** x [B, T, heads·D] or [B, heads, T, D]; positions [1] (offset) or [B, T]; cosine and sine [positions, D/2]. */
  RotaryEmbedding: (request) => {
    const [x, positions, cosine, sine] = [input(request, 0), index(request, 1), input(request, 2), input(request, 3)]
    const [batch, length] = x.shape.length === 4 ? [x.shape[0], x.shape[2]] : x.shape
    const half = cosine.shape[1] ?? 0
    const width = x.shape.at(-1) ?? 0
    if (x.shape.length !== 3 && x.shape.length !== 4) fail(request, 'rank 3 or 4')
    if (cosine.shape.length !== 2 || String(cosine.shape) !== String(sine.shape)) fail(request, 'equal tables')
    if (x.shape.length === 4 ? width !== 2 * half : half === 0 || width % (2 * half) !== 0)
      fail(request, `heads of ${2 * half}`)
    if (String(positions.shape) !== '1' && String(positions.shape) !== String([batch, length]))
      fail(request, `positions [1] or [${batch}, ${length}]`)
    sameType(request, [x, cosine, sine])
    return [like(x)]
  },
  /**
   * rows [n, H], head [V, H], labels [n] -> -log softmax(rows·headᵀ)[label] [n, 1] and the probabilities [n, V], which
   * the backward pass needs; lowered everywhere.
   */
  LinearCrossEntropy: (request) => {
    const [rows, head, labels] = [input(request, 0), input(request, 1), input(request, 2)]
    const [n = -1, width] = rows.shape
    const type = sameType(request, [rows, head])
    if (rows.shape.length !== 2 || head.shape.length !== 2 || head.shape[1] !== width)
      fail(request, 'rows [n, H] and head [V, H]')
    if (labels.shape.length !== 1 || labels.shape[0] !== n) fail(request, 'one label for each row')
    return [
      { type, shape: [n, 1] },
      { type, shape: [n, head.shape[0] as number] },
    ]
  },
}
