/**
 * What the exchanges of a simulation took on the wire, beside what their edges take where nothing is encoded; and what
 * members gathered instead.
 */
import type { PeerEvent } from '../../../peers/events.ts'
import type { MessageSizes } from '../../../peers/wiring/memory-sizes.ts'

export interface Exchanged {
  readonly codec: string
  /** Of all exchange messages that were sent: the repeated ones too, and those of attempts that failed. */
  readonly bytes: number
  /** Ends of edges that were carried out: each has a state to say. */
  readonly ends: number
  /** Of a state as int32. */
  readonly adapterBytes: number
  /** States that members pulled from each other, and their bytes, where they gather in place of exchanges. */
  readonly gathered: { readonly states: number; readonly bytes: number }
}

export interface ExchangeCount {
  /** The sizes, watched: what they are asked for is sent. */
  readonly sizes: MessageSizes
  see(event: PeerEvent): void
  exchanged(): Exchanged
}

/** `numbers`: of the adapter, to which its weight comes. */
export function countExchanges(sizes: MessageSizes, codec: string, numbers: number): ExchangeCount {
  let bytes = 0
  let ends = 0
  const gathered = { states: 0, bytes: 0 }
  return {
    sizes: {
      ...sizes,
      exchange(message) {
        const size = sizes.exchange(message)
        bytes += size
        return size
      },
    },
    see(event) {
      if (event.type === 'edge' && event.outcome === 'done') ends += 1
      // Without rounds only the end that began it tells of it.
      if (event.type === 'exchange' && event.outcome === 'done') ends += 2
      if (event.type !== 'gathered') return
      gathered.states += event.states
      gathered.bytes += event.bytes
    },
    exchanged: () => ({ codec, bytes, ends, adapterBytes: 4 * (numbers + 1), gathered: { ...gathered } }),
  }
}

export function exchangedWords({ codec, bytes, ends, adapterBytes, gathered }: Exchanged): string {
  const megabytes = (n: number): string => `${(n / 1e6).toFixed(3)} MB`
  if (gathered.states > 0) return `Members gathered ${gathered.states} states of others: ${megabytes(gathered.bytes)}.`
  if (ends === 0) return 'Nothing was exchanged or gathered.'
  const plain = ends * adapterBytes
  const share = `${((100 * bytes) / plain).toFixed(1)} %`
  return `Exchanges in ${codec}: ${megabytes(bytes)}, which is ${share} of edges × adapter size both ways (${megabytes(plain)}).`
}
