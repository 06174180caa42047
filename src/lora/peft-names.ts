/** Names and shapes of an adapter's factors in a PEFT file. PEFT stores both factors transposed. */
import type { Linear } from './adapter.ts'
import type { Factor } from './layout.ts'

/** The projection's name inside a transformer layer, for Llama and Qwen2 alike. */
const modules: Record<Linear, string> = {
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
}

export function peftTensorName({ layer, linear, part }: Factor): string {
  return `base_model.model.model.layers.${layer}.${modules[linear]}.lora_${part}.weight`
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
