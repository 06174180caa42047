/** The tiny random models of the golden folder: checkpoint, adapter, batch, and the reference values beside them. */
import { join } from 'node:path'
import { type LoraConfig, linears } from '../../src/lora/adapter.ts'
import { adapterLayout } from '../../src/lora/layout.ts'
import { peftTensorName } from '../../src/lora/peft-names.ts'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import { openCheckpoint } from '../../src/model/open.ts'
import type { Batch } from '../../src/training/batch.ts'
import { goldenFolder } from './folder.ts'
import type { Stored } from './safetensors.ts'

export const tinyModels = ['llama', 'llama3-rope-untied', 'qwen2'] as const
export type TinyModel = (typeof tinyModels)[number]

export const tinyFolder = (model: TinyModel): string => join(goldenFolder, 'tiny', model)

export function tinyCheckpoint(model: TinyModel): Promise<Checkpoint> {
  return openCheckpoint(tinyFolder(model), join(import.meta.dirname, '../../.cache/tests'))
}

/** r 3, alpha 6, on all seven linears. */
export const tinyLora: LoraConfig = { rank: 3, alpha: 6, targets: linears, rslora: false }

/** PEFT's tensors (transposed) as one flat vector in our layout. Factors that are not stored are NaN. */
export function flatten(checkpoint: Checkpoint, lora: LoraConfig, stored: Map<string, Stored>): Float64Array {
  const { factors, total } = adapterLayout(lora, checkpoint.config)
  const flat = new Float64Array(total).fill(Number.NaN)
  for (const factor of factors) {
    const [rows, columns] = factor.shape
    const values = stored.get(peftTensorName(factor))?.values
    for (let i = 0; values !== undefined && i < values.length; i++)
      flat[factor.offset + Math.floor(i / columns) * columns + (i % columns)] = values[
        (i % columns) * rows + Math.floor(i / columns)
      ] as number
  }
  return flat
}

/** Token ids and labels in PyTorch's form (label i belongs to position i and is predicted from i-1; -100 is none). */
export function toBatch(ids: readonly (readonly number[])[], labels: readonly (readonly number[])[]): Batch {
  const length = ids[0]?.length ?? 0
  const rows = labels.flatMap((row, b) =>
    row.flatMap((label, t) => (t > 0 && label >= 0 ? [{ label, position: b * length + t - 1 }] : [])),
  )
  return {
    batch: ids.length,
    length,
    rows: rows.length,
    tokens: Int32Array.from(ids.flat()),
    labels: Int32Array.from(rows, ({ label }) => label),
    positions: Int32Array.from(rows, ({ position }) => position),
    weights: new Float32Array(rows.length).fill(1 / rows.length),
  }
}

/** ‖actual - expected‖ / ‖expected‖ */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, norm] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] ?? Number.NaN) - (expected[i] as number)) ** 2
    norm += (expected[i] as number) ** 2
  }
  return Math.sqrt(difference / norm)
}
