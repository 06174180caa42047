/** Names and shapes of an adapter's factors in a PEFT file. PEFT stores both factors transposed. */
import { linearName } from '../model/decoder-weights.ts'
import type { Linear } from './adapter.ts'
import type { Factor } from './layout.ts'

/** The linear's own name, under the two wrappers that PEFT puts around a model. */
export function peftTensorName({ layer, linear, part }: Factor): string {
  return `base_model.model.${linearName(layer, linear)}.lora_${part}.weight`
}

/** A [rank, in], B [out, rank]. */
export function peftShape({ shape }: Factor): readonly [number, number] {
  return [shape[1], shape[0]]
}

/** What `target_modules` calls a linear: `q_proj`. */
export function peftModule(linear: Linear): string {
  return `${linear}_proj`
}

/** Row-major [rows, columns] to [columns, rows]. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] as number
  }
  return out
}
