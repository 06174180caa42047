/**
 * How a state travels. A lossy codec never touches the sum: both ends of an exchange work on what was said, so they move
 * by the same integers, and what was not said stays with its owner (difference form; CHOCO-SGD, arXiv 1902.00340).
 */
import { type FedpitError, remoteError } from '../../core/errors.ts'

export interface Codec {
  readonly name: string
  /** What is said of a state is the state, to the last integer. */
  readonly exact: boolean
  /** Bytes that a state of `count` numbers takes at most. */
  bytes(count: number): number
  /** `base`: what all members began the round from, as parameters on `resultGrid`; where it is short, zero. */
  encode(state: Int32Array, base: Int32Array): Said
  /** A state of `count` numbers. Throws a remote error `codec.malformed`, and nothing else. */
  decode(bytes: Uint8Array, count: number, base: Int32Array): Int32Array
}

export interface Said {
  readonly bytes: Uint8Array
  /** What these bytes stand for: all that anybody learns of the state. */
  readonly state: Int32Array
}

export function malformed(codec: string, what: string, expected: unknown, actual: unknown): FedpitError {
  return remoteError('codec.malformed', `Cannot read a state in ${codec}: ${what}: expected ${expected}, got ${actual}`)
}
