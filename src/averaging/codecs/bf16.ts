/** Differences as bfloat16: half the bytes, each number to one part in 256. */
import { numberFromBfloat16, numberToBfloat16 } from '../../core/bfloat16.ts'
import { malformed } from './codec.ts'
import { inDifferenceForm } from './difference.ts'

const bytesOf = (count: number): number => 2 * count

export const bf16 = inDifferenceForm({
  name: 'bf16',
  bytes: bytesOf,
  encode(differences) {
    const bytes = new Uint8Array(bytesOf(differences.length))
    const view = new DataView(bytes.buffer)
    for (const [i, value] of differences.entries()) view.setUint16(2 * i, numberToBfloat16(value), true)
    return bytes
  },
  decode(bytes, count) {
    if (bytes.length !== bytesOf(count)) throw malformed('bf16', 'length', `${bytesOf(count)} bytes`, bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    return Float64Array.from({ length: count }, (_, i) => {
      const value = numberFromBfloat16(view.getUint16(2 * i, true))
      if (Number.isInteger(value)) return value
      throw malformed('bf16', `difference ${i}`, 'a whole number', value)
    })
  },
})
