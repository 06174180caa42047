/** Reads a whole safetensors file of float32 or float64 tensors, for reference values. */
import { readFileSync } from 'node:fs'

export interface Stored {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly values: Float64Array
  /** Place in the file. */
  readonly offset: number
  readonly bytes: number
}

export function readSafetensors(path: string): Map<string, Stored> {
  const file = readFileSync(path)
  const header = 8 + Number(file.readBigUInt64LE(0))
  const entries: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = JSON.parse(
    file.toString('utf8', 8, header),
  )
  delete entries['__metadata__']
  return new Map(
    Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const body = Uint8Array.from(file.subarray(header + from, header + to)).buffer
        const values = dtype === 'F64' ? new Float64Array(body) : Float64Array.from(new Float32Array(body))
        return [name, { dtype, shape, values, offset: header + from, bytes: to - from }]
      },
    ),
  )
}
