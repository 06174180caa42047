/**
 * Rotary position tables (RoFormer, arXiv 2104.09864): cosine and sine of position·frequency, [positions, headDim/2].
 *
 * Frequencies and angles are rounded to float32 on the way, as the models of these families were trained; at position
 * 2,000 an exact angle would differ from theirs in the fourth decimal.
 */
import type { ModelConfig, RopeConfig } from './config.ts'

export interface RotaryTables {
  readonly shape: readonly [positions: number, half: number]
  readonly cosine: Float32Array
  readonly sine: Float32Array
}

export function rotaryTables(config: ModelConfig, positions: number): RotaryTables {
  const frequencies = rotaryFrequencies(config.rope, config.headDim)
  const half = frequencies.length
  const angles = Float32Array.from(
    { length: positions * half },
    (_, i) => Math.floor(i / half) * (frequencies[i % half] as number),
  )
  return { shape: [positions, half], cosine: angles.map(Math.cos), sine: angles.map(Math.sin) }
}

/** theta^(-2i/headDim), for Llama 3 with its long wavelengths stretched by `factor` and a smooth passage between. */
function rotaryFrequencies({ theta, llama3 }: RopeConfig, headDim: number): Float32Array {
  const plain = Float32Array.from({ length: headDim / 2 }, (_, i) => 1 / theta ** ((2 * i) / headDim))
  if (llama3 === undefined) return plain
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions } = llama3
  return plain.map((frequency) => {
    const turns = (originalMaxPositions * frequency) / (2 * Math.PI)
    const smooth = Math.min(1, Math.max(0, (turns - low) / (high - low)))
    return (1 - smooth) * (frequency / factor) + smooth * frequency
  })
}
