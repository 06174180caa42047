/**
 * A ledger over a journal on disk in a process of its own, for a test that kills it: `ledger-child.ts SELF OTHER FOLDER`.
 * Its network is the pipe to the test. It never stops trying the one edge it has.
 */

import type { Clock, NetworkEvent } from '../../peers/kernel/ports.ts'
import { openLedger } from '../../peers/wiring/averaging/ledger-driver.ts'
import { openDiskStore } from '../../peers/wiring/disk-store.ts'
import { realClock } from '../../peers/wiring/real-clock.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import { fixed } from '../../src/averaging/codecs/fixed.ts'

export type ToChild =
  /** Without a value: with what it holds. */
  | { readonly type: 'begin'; readonly session: string; readonly value?: Int32Array }
  | { readonly type: 'end' }
  | { readonly type: 'report' }
  | { readonly type: 'exchange'; readonly from: string; readonly message: ExchangeMessage }

export type FromChild =
  | { readonly type: 'ready' | 'begun' }
  | { readonly type: 'exchange'; readonly to: string; readonly message: ExchangeMessage }
  | { readonly type: 'report'; readonly value: Int32Array; readonly doubts: number }

const [self, other, folder] = process.argv.slice(2) as [string, string, string]
/** Five times as fast as the product, so that a test need not wait for reminders. */
const clock: Clock = {
  now: realClock.now,
  sleep: (ms, signal) => realClock.sleep(ms / 5, signal),
  later: (ms, run) => realClock.later(ms / 5, run),
}
const listeners = new Set<(event: NetworkEvent) => void>()
const say = (message: FromChild): void => void process.send?.(message)
const network = {
  self,
  send: async (to: string, message: ExchangeMessage) => say({ type: 'exchange', to, message }),
  subscribe(listener: (event: NetworkEvent) => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
const ledger = await openLedger({ network, store: await openDiskStore(folder), clock, codec: fixed, emit: () => {} })
let ended = new AbortController()
/** Long: what is killed is not waited for, because the session ends with it. */
const attemptMs = 60_000

async function begin(session: string, value: Int32Array): Promise<void> {
  await ledger.begin(session, value)
  ledger.round(0, new Map([[other, { num: 1, den: 3 }]]))
  say({ type: 'begun' })
  ended = new AbortController()
  while (self < other && !ended.signal.aborted) await ledger.attempt(other, attemptMs, ended.signal).catch(() => {})
}

process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'begin':
      return void begin(message.session, message.value ?? ledger.state())
    case 'end':
      ended.abort()
      return ledger.end()
    case 'report':
      return say({ type: 'report', value: ledger.state(), doubts: ledger.doubts().length })
    case 'exchange':
      for (const listener of listeners) listener({ type: 'exchange', from: message.from, message: message.message })
  }
})
say({ type: 'ready' })
