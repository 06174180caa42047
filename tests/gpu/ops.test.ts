import assert from 'node:assert/strict'
import { test } from 'node:test'
import { relativeError } from '../golden/tiny.ts'
import { type Build, cases, evaluate } from '../unit/onnx/lowering-cases.ts'

/** Sums in another order, and shaders whose exp and log are coarser than the processor's. */
const tolerance = 1e-5
const strict = { device: 'webgpu', strict: true } as const

/** Ops that the table leaves as they are, as training and decoding use them. */
const kept: Record<string, Build> = {
  'products with weights and of batches': (op, number) => ({
    gemm: op.gemm(number('a', 5, 3), number('b', 4, 5), { transA: 1, transB: 1, alpha: 0.7 }, number('c', 4)),
    matMul: op.matMul(number('d', 2, 3, 4, 5), number('e', 2, 3, 5, 6)),
  }),
  'functions of each number': (op, number) => {
    const x = number('x', 3, 8)
    const positive = op.exp(x)
    return {
      sigmoid: op.sigmoid(x),
      log: op.log(op.add(positive, op.graph.scalar('float32', 1))),
      root: op.reciprocal(op.sqrt(positive)),
      rest: op.sub(op.max(op.neg(x), number('y', 3, 8)), op.mul(x, number('z', 8))),
    }
  },
  'reductions of rows': (op, number) => {
    const x = number('x', 3, 50)
    return {
      softmax: op.softmax(x),
      mean: op.reduceMean(x, [-1]),
      total: op.reduceSum(x, undefined, false),
      best: op.argMax(x, 1),
    }
  },
  'look-ups and moves': (op, number) => {
    const x = number('x', 6, 5)
    const rows = op.graph.constant('int32', [4], Int32Array.of(5, 0, 3, 3))
    const chosen = op.gather(x, rows)
    return {
      chosen,
      cells: op.gatherElements(chosen, op.unsqueeze(op.graph.constant('int32', [4], Int32Array.of(4, 1, 0, 2)), 1), 1),
      turned: op.transpose(op.reshape(x, [2, 3, 5]), [2, 0, 1]),
      joined: op.concat(
        Array.from({ length: 40 }, (_, i) => op.slice(x, 0, i % 6, (i % 6) + 1)),
        0,
      ),
    }
  },
  'dropout masks': (op, number) => {
    const x = number('x', 4, 6)
    return { kept: op.where(op.greater(x, number('y', 4, 6)), x, op.graph.scalar('float32', 0)) }
  },
}

for (const [name, build] of Object.entries({ ...cases, ...kept })) {
  test(`lower() for webgpu keeps the value of ${name}, with no node on the processor`, async () => {
    const expected = await evaluate(build, 'float32', 'cpu')
    const actual = await evaluate(build, 'float32', 'webgpu', strict)
    for (const [output, values] of Object.entries(expected)) {
      const error = relativeError(Array.from(actual[output] ?? [], Number), Array.from(values, Number))
      assert.ok(error <= tolerance, `${output}: relative error ${error}`)
    }
  })
}

test('createSession() makes an error of an op that webgpu lacks where it is strict', async () => {
  await assert.rejects(evaluate(cases['Sum'] as Build, 'float32', 'cpu', strict), {
    code: 'onnx.session',
    message: /fallback to CPU EP has been explicitly disabled/,
  })
})
