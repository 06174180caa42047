/** Pings to a peer whose engine trains, from a libp2p node that is no part of its federation. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { byteStream } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { addressesOf, type RunningPeer } from './federation.ts'

/** https://github.com/libp2p/specs/blob/master/ping/ping.md */
const protocol = '/ipfs/ping/1.0.0'
const pingBytes = 32

export interface PingTimes {
  /** Milliseconds, in ascending order. */
  readonly times: readonly number[]
  readonly median: number
  /** Nineteen of twenty were no slower. */
  readonly ofTwenty: number
  readonly worst: number
  /** Training steps that the engine did meanwhile, and the median of their milliseconds. */
  readonly steps: number
  readonly stepMs: number
}

/** Pings every few milliseconds from the second training step on, until the engine did `steps` more. */
export async function pingWhileTraining(peer: RunningPeer, steps: number): Promise<PingTimes> {
  const node = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  try {
    const [address = ''] = await addressesOf(peer)
    const stepTimes = (): number[] => peer.events.flatMap((event) => (event.type === 'step' ? [event.at] : []))
    await peer.seen((event) => event.type === 'step' && event.step >= 2)
    const from = stepTimes().length
    const times: number[] = []
    while (stepTimes().length < from + steps) {
      const connection = await node.dial(multiaddr(address))
      const stream = byteStream(await connection.newStream(protocol))
      // A peer disconnects after ten seconds who has not said hello.
      const until = performance.now() + 3000
      while (performance.now() < until && stepTimes().length < from + steps) {
        const begun = performance.now()
        await stream.write(randomBytes(pingBytes))
        await stream.read({ bytes: pingBytes })
        times.push(performance.now() - begun)
        await sleep(20)
      }
      await connection.close()
    }
    const ends = stepTimes().slice(from - 1)
    const each = ascending(ends.slice(1).map((at, i) => at - (ends[i] as number)))
    const sorted = ascending(times)
    const ofTwenty = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN
    const worst = sorted.at(-1) ?? Number.NaN
    return { times: sorted, median: middle(sorted), ofTwenty, worst, steps, stepMs: middle(each) }
  } finally {
    await node.stop()
  }
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)
const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN

export function tellPings({ times, median, ofTwenty, worst, steps, stepMs }: PingTimes): string {
  const [typical, most, last] = [median, ofTwenty, worst].map((ms) => ms.toFixed(1))
  const what = `${times.length} pings in ${steps} steps of ${stepMs.toFixed(0)} ms`
  return `${what}: median ${typical} ms, 95 % within ${most} ms, worst ${last} ms`
}
