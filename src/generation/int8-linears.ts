/** The linears in 8 bits (MatMulNBits computing in int8, accuracy level 4), each group of int8-file.ts as one product. */
import { linearShape } from '../lora/layout.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import { seenWith } from '../model/common-folder.ts'
import { type DecoderWeights, decoderWeights } from '../model/decoder-weights.ts'
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { int8Block } from './int8-codes.ts'
import { ensureInt8File, type Int8Group, int8Layout } from './int8-file.ts'
import type { Linears } from './linears.ts'

export interface Int8Linears {
  /** Seen from a folder that the file of codes lies in too: graphs with these linears must be loaded from there. */
  readonly checkpoint: Checkpoint
  readonly linears: (op: Operators) => Linears
}

/** Makes the file of codes where it is not there. */
export async function openInt8Linears(stored: Checkpoint, cacheFolder: string): Promise<Int8Linears> {
  const { checkpoint, file } = await seenWith(stored, await ensureInt8File(stored, cacheFolder))
  return {
    checkpoint,
    linears: (op) => int8Linears(op, checkpoint, file, decoderWeights(op, checkpoint, 'float32')),
  }
}

function int8Linears(op: Operators, { config }: Checkpoint, file: string, weights: DecoderWeights): Linears {
  const groups = new Map(int8Layout(config).groups.map((group) => [group.name, group]))
  const product = (name: string, x: Tensor): Tensor => {
    const { rows, columns, codesAt, scalesAt } = groups.get(name) as Int8Group
    const blocks = Math.ceil(columns / int8Block)
    const place = (offset: number, bytes: number) => ({ file, offset, bytes })
    const codes = op.graph.weight(`${name}.codes`, {
      ...{ type: 'u8', shape: [rows, blocks, int8Block] },
      ...place(codesAt, rows * blocks * int8Block),
    })
    const scales = op.graph.weight(`${name}.scales`, {
      ...{ type: 'f32', shape: [rows * blocks] },
      ...place(scalesAt, rows * blocks * 4),
    })
    return op.matMulNBits(x, codes, scales, { K: columns, N: rows, bits: 8, block: int8Block, accuracy: 4 })
  }
  return {
    project: (layer, linears, x) => {
      const y = product(`${layer}.${linears.join('+')}`, x)
      const sizes = linears.map((linear) => linearShape(linear, config)[1])
      const parts = linears.length === 1 ? [y] : op.split(y, sizes, 2)
      return parts.map((part, i) => {
        const bias = weights.bias(layer, linears[i] as (typeof linears)[number])
        return bias === undefined ? part : op.add(part, bias)
      })
    },
    logits: (rows) => product('head', rows),
  }
}
