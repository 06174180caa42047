/**
 * EX-12: what must hold of a delta before it is recorded, because what is recorded is never taken back. Nothing
 * saturates or wraps, as that would move the sum.
 */
import { addDelta, deltaOf, inReach } from '../../../src/averaging/fixed-point.ts'
import { clippedDelta } from '../../../src/averaging/robust/clip.ts'
import type { Ratio } from '../../../src/averaging/schedule.ts'
import { staleRatio } from '../../../src/averaging/staleness.ts'
import { FedpitError } from '../../../src/core/errors.ts'
import type { Ledger } from './ledger.ts'

/** The state that these bytes stand for; undefined where they are none of this session's. */
export function heard({ config, value, terms }: Ledger, bytes: Uint8Array): Int32Array | undefined {
  try {
    return config.codec.decode(bytes, value.length, terms.base)
  } catch (error) {
    if (error instanceof FedpitError && error.family === 'remote') return undefined
    throw error
  }
}

/** By what both ends weigh an exchange of these states (EX-18); undefined where their versions are too far apart. */
export function agreedRatio({ terms }: Ledger, one: Int32Array, other: Int32Array, offered: Ratio): Ratio | undefined {
  return terms.staleness === undefined ? offered : staleRatio(one.at(-1) ?? 0, other.at(-1) ?? 0, terms.staleness)
}

/** What a peer says of itself where there are no rounds: what it holds once all that is in doubt was applied. */
export function heldBy({ value, prepared }: Ledger): Int32Array {
  return [...prepared.values()].reduce((held, { delta }) => moved(held, delta, -1), value)
}

/** What one end said: its state, and from how far it lets itself be pulled. */
export interface End {
  readonly state: Int32Array
  readonly reach?: number | undefined
}

/**
 * What the initiator adds to its state and the responder subtracts; undefined where one of them is out of reach, or is
 * none that these terms admit. Of two reaches the shorter one counts, at both ends (EX-17).
 */
export function agreedDelta({ terms }: Ledger, initiator: End, responder: End, ratio: Ratio): Int32Array | undefined {
  const [mine, theirs] = [initiator.state, responder.state]
  const fit = mine.length === theirs.length && inReach(mine) && inReach(theirs)
  if (!fit || !terms.admits(mine) || !terms.admits(theirs)) return undefined
  const reach = Math.min(initiator.reach ?? Number.POSITIVE_INFINITY, responder.reach ?? Number.POSITIVE_INFINITY)
  if (reach === Number.POSITIVE_INFINITY) return deltaOf(mine, theirs, ratio.num, ratio.den)
  return clippedDelta(mine, theirs, ratio, reach)
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
