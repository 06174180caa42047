/**
 * Differences in blocks of 256, each a step (u32, little endian) and then so many int8 multiples of it: a quarter of the
 * bytes, each number to half a step, which is 1/254 of the largest in its block.
 */
import { malformed } from './codec.ts'
import { inDifferenceForm } from './difference.ts'

const block = 256
const stepBytes = 4
const most = 127

const bytesOf = (count: number): number => count + stepBytes * Math.ceil(count / block)

export const int8 = inDifferenceForm({
  name: 'int8',
  bytes: bytesOf,
  encode(differences) {
    const bytes = new Uint8Array(bytesOf(differences.length))
    const view = new DataView(bytes.buffer)
    let at = 0
    for (let first = 0; first < differences.length; first += block) {
      const some = differences.subarray(first, first + block)
      const largest = some.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
      const step = Math.max(1, Math.ceil(largest / most))
      view.setUint32(at, step, true)
      at += stepBytes
      for (const value of some) view.setInt8(at++, Math.round(value / step))
    }
    return bytes
  },
  decode(bytes, count) {
    if (bytes.length !== bytesOf(count)) throw malformed('int8', 'length', `${bytesOf(count)} bytes`, bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const differences = new Float64Array(count)
    let at = 0
    for (let first = 0; first < count; first += block) {
      const step = view.getUint32(at, true)
      at += stepBytes
      for (let i = first; i < Math.min(first + block, count); i++) differences[i] = step * view.getInt8(at++)
    }
    return differences
  },
})
