/**
 * EX-12: what must hold of a delta before it is recorded, because what is recorded is never taken back. Nothing
 * saturates or wraps, as that would move the sum.
 */
import { addDelta, deltaOf, inReach } from '../../../src/averaging/fixed-point.ts'
import type { Ratio } from '../../../src/averaging/schedule.ts'
import { FedpitError } from '../../../src/core/errors.ts'
import type { Ledger } from './ledger.ts'

/** The state that these bytes stand for; undefined where they are none of this session's. */
export function heard({ config, value, base }: Ledger, bytes: Uint8Array): Int32Array | undefined {
  try {
    return config.codec.decode(bytes, value.length, base)
  } catch (error) {
    if (error instanceof FedpitError && error.family === 'remote') return undefined
    throw error
  }
}

/** What the initiator adds to its state and the responder subtracts; undefined where one of them is out of reach. */
export function agreedDelta(initiators: Int32Array, responders: Int32Array | undefined, { num, den }: Ratio) {
  if (responders === undefined) return undefined
  const fit = initiators.length === responders.length && inReach(initiators) && inReach(responders)
  return fit ? deltaOf(initiators, responders, num, den) : undefined
}

/** Does the value stay in int32 with this delta, whichever of the exchanges in doubt are applied beside it? */
export function hasRoom({ value, prepared }: Ledger, delta: Int32Array, sign: 1 | -1): boolean {
  const doubts = [...prepared.values()].map((entry) => entry.delta)
  for (let c = 0; c < value.length; c++) {
    const move = sign * (delta[c] as number)
    let low = (value[c] as number) + Math.min(0, move)
    let high = (value[c] as number) + Math.max(0, move)
    for (const doubt of doubts) {
      low -= Math.max(0, doubt[c] as number)
      high -= Math.min(0, doubt[c] as number)
    }
    if (low < -2147483648 || high > 2147483647) return false
  }
  return true
}

/** `value + sign * delta`, for which there is room. */
export function moved(value: Int32Array, delta: Int32Array, sign: 1 | -1): Int32Array {
  const sum = addDelta(value, delta, sign)
  if (sum !== undefined) return sum
  const text = 'Cannot carry out a recorded exchange: expected its delta to keep the value in int32, and it does not'
  throw new FedpitError(text, { family: 'bug', code: 'ledger.overflow' })
}
