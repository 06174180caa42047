/** What became of a dial that brought no connection, as far as it can be told from this side. */
import { reasonOf } from '../../../protocols/wire/frames.ts'
import { ADDRESS_TIMEOUT_MS } from './node.ts'

/** A try that took so long ended by its time. libp2p does not say so: of a failed upgrade it keeps the text alone. */
const LATE_MS = 0.95 * ADDRESS_TIMEOUT_MS

export interface DialTries {
  /** To be given to the dial. */
  readonly onProgress: (event: { readonly type: string }) => void
  /** In words, once the dial failed; undefined where nobody answered at any address. `late`: it was given up as a whole. */
  failure(error: unknown, late: boolean): string | undefined
}

/** One dial, of which each address is a try. */
export function watchTries(now: () => number): DialTries {
  const tries: { readonly begun: number; answered: boolean }[] = []
  return {
    onProgress({ type }) {
      if (type === 'transport-manager:selected-transport') tries.push({ begun: now(), answered: false })
      const last = tries.at(-1)
      if (last !== undefined && type === 'upgrader:encrypt-outbound-connection') last.answered = true
    },
    failure(error, late) {
      const end = late ? Number.POSITIVE_INFINITY : now()
      const answered = tries.flatMap((one, i) => (one.answered ? [(tries[i + 1]?.begun ?? end) - one.begun] : []))
      const isReset = error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
      if (answered.length === 0 && !isReset) return undefined
      if (answered.length > 0 && answered.every((ms) => ms >= LATE_MS)) {
        const slow = 'the other machine or the line may be too slow'
        return `no encrypted connection came about in time: ${slow} (${reasonOf(error)})`
      }
      // A wrong key is noise to the other side, which ends the connection at once (opening.ts).
      return `no encrypted connection comes about, the pre-shared keys may differ (${reasonOf(error)})`
    },
  }
}
