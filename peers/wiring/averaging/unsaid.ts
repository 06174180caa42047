/**
 * What a session's result lacks of what a peer held: a lossy codec did not say it, and the snap put another's bytes in
 * its place. The peer brings it to its next session (error feedback, arXiv 1901.09847), so that over the rounds nothing
 * is lost. It belongs to the adapter that the session ended with; beside another one it means nothing.
 */
import { localError } from '../../../src/core/errors.ts'
import type { Store } from '../../kernel/ports.ts'

export interface Unsaid {
  /** Units of `resultGrid`; undefined where nothing was kept beside this adapter. */
  beside(digest: string): Promise<Int32Array | undefined>
  keep(digest: string, units: Int32Array): Promise<void>
}

const key = 'averaging.unsaid'
/** The adapter's digest in hex, then int32s, little endian as every platform's. */
const digestBytes = 64

export function openUnsaid(store: Store): Unsaid {
  return {
    async beside(digest) {
      const bytes = await store.read(key)
      if (bytes === undefined) return undefined
      const numbers = bytes.slice(digestBytes)
      if (numbers.length % 4 !== 0) {
        throw localError('unsaid.length', `Cannot read ${key}: expected whole int32s, got ${numbers.length} bytes`)
      }
      const belongs = new TextDecoder().decode(bytes.subarray(0, digestBytes)) === digest
      return belongs ? new Int32Array(new Uint8Array(numbers).buffer) : undefined
    },
    async keep(digest, units) {
      const bytes = new Uint8Array(digestBytes + units.byteLength)
      bytes.set(new TextEncoder().encode(digest))
      bytes.set(new Uint8Array(units.buffer, units.byteOffset, units.byteLength), digestBytes)
      await store.write(key, bytes)
    },
  }
}
