/** Graph inputs and the rotation that decoding and prefill have in common. */
import type { LoraConfig } from '../lora/adapter.ts'
import { adapterLayout } from '../lora/layout.ts'
import type { ModelConfig } from '../model/config.ts'
import type { Adapt } from '../model/decoder.ts'
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { graphLora } from '../training/graph-lora.ts'
import { standIn } from './graph-sizes.ts'

/** The unmerged adapter: input `parameters`, flat, in layout order. */
export function adaptInput(op: Operators, config: ModelConfig, lora: LoraConfig | undefined): Adapt | undefined {
  if (lora === undefined) return undefined
  const parameters = op.graph.input('parameters', 'float32', [adapterLayout(lora, config).total])
  return graphLora(op, lora, config, parameters, 0).adapt
}

/** x [B, length, n·D] -> the same, rotated. Inputs `positions` [B, length], `cosine` and `sine` [positions, D/2]. */
export function rotation(op: Operators, { headDim }: ModelConfig, length: number): (x: Tensor) => Tensor {
  const { graph } = op
  const positions = graph.input('positions', 'int64', [standIn.batch, length])
  const table = (name: string) => graph.input(name, 'float32', [standIn.positions, headDim / 2])
  const [cosine, sine] = [table('cosine'), table('sine')]
  return (x) => op.rotaryEmbedding(x, positions, cosine, sine)
}

/** Keys and values of earlier positions, one input each per layer: `ownKeys.3`, `ownValues.3`. */
export function pastInput(op: Operators, layers: number, stem: string, shape: readonly number[]) {
  const input = (name: string) =>
    Array.from({ length: layers }, (_, layer) => op.graph.input(`${name}.${layer}`, 'float32', shape))
  return { keys: input(`${stem}Keys`), values: input(`${stem}Values`) }
}
