/**
 * The tenth of the differences that is largest in magnitude, as bfloat16; of the rest nothing is said. Layout: how many
 * (u32, little endian), then for each how far it lies behind the one before (LEB128, from 1) and its value.
 */
import { numberFromBfloat16, numberToBfloat16 } from '../../core/bfloat16.ts'
import { malformed } from './codec.ts'
import { inDifferenceForm } from './difference.ts'

const countBytes = 4
const valueBytes = 2

const kept = (count: number): number => Math.ceil(count / 10)
/** A gap takes a byte, and another one at most for every 128 numbers that it spans. */
const bytesOf = (count: number): number => countBytes + (valueBytes + 1) * kept(count) + Math.floor(count / 128)

export const topK = inDifferenceForm({
  name: 'top-k',
  bytes: bytesOf,
  encode(differences) {
    const bytes = new Uint8Array(bytesOf(differences.length))
    const view = new DataView(bytes.buffer)
    const chosen = largest(differences)
    view.setUint32(0, chosen.length, true)
    let at = countBytes
    let before = -1
    for (const i of chosen) {
      let gap = i - before
      for (; gap > 127; gap = Math.floor(gap / 128)) bytes[at++] = (gap % 128) + 128
      bytes[at++] = gap
      view.setUint16(at, numberToBfloat16(differences[i] as number), true)
      at += valueBytes
      before = i
    }
    return bytes.subarray(0, at)
  },
  decode(bytes, count) {
    const fail = (what: string, expected: unknown, actual: unknown) => malformed('top-k', what, expected, actual)
    if (bytes.length < countBytes) throw fail('length', `at least ${countBytes}`, bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const entries = view.getUint32(0, true)
    if (entries > kept(count)) throw fail('differences', `at most ${kept(count)}`, entries)
    const differences = new Float64Array(count)
    let at = countBytes
    let i = -1
    for (let entry = 0; entry < entries; entry++) {
      let gap = 0
      for (let unit = 1; ; unit *= 128) {
        const byte = bytes[at++]
        if (byte === undefined || unit > 2 ** 28) throw fail('gap', 'a number of at most five bytes', 'more')
        gap += (byte % 128) * unit
        if (byte < 128) break
      }
      i += gap
      if (gap < 1 || i >= count) throw fail('place', `behind the one before and below ${count}`, i)
      if (at + valueBytes > bytes.length) throw fail('length', 'a value for each place', bytes.length)
      const value = numberFromBfloat16(view.getUint16(at, true))
      at += valueBytes
      if (!Number.isInteger(value)) throw fail(`difference ${i}`, 'a whole number', value)
      differences[i] = value
    }
    if (at !== bytes.length) throw fail('length', at, bytes.length)
    return differences
  },
})

/** Places of the largest magnitudes, ascending; of equals the first. Zeros are left out. */
function largest(differences: Float64Array): number[] {
  const k = kept(differences.length)
  const magnitudes = differences.map(Math.abs).sort()
  const least = magnitudes[magnitudes.length - k] ?? 0
  let ties = k - magnitudes.reduce((sum, value) => sum + (value > least ? 1 : 0), 0)
  const chosen: number[] = []
  for (const [i, value] of differences.entries()) {
    const magnitude = Math.abs(value)
    if (magnitude === 0 || magnitude < least) continue
    if (magnitude > least || ties-- > 0) chosen.push(i)
  }
  return chosen
}
