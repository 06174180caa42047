/** How often a peer has started: EX-1 builds on it, so a start counts before anything is named in it. */
import { localError } from '../../../src/core/errors.ts'
import type { Store } from '../../kernel/ports.ts'

const key = 'exchange.incarnation'

export async function countStart(store: Store): Promise<number> {
  const text = new TextDecoder().decode((await store.read(key)) ?? new Uint8Array())
  const incarnation = Number(text) + 1
  if (!Number.isSafeInteger(incarnation) || incarnation < 1) {
    throw localError('ledger.incarnation', `Cannot read ${key}: expected a count of starts, got "${text}"`)
  }
  await store.write(key, new TextEncoder().encode(String(incarnation)))
  return incarnation
}
