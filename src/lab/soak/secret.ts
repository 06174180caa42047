/** What may not leave a peer: a line of text, and the numbers of its local adapter in every form that could be sent. */
import type { GlobalCodec, GlobalState, SessionCodec } from '../../../peers/wiring/global-state.ts'
import { mixingGrid, resultGrid, toGrid } from '../../averaging/fixed-point.ts'
import { createRandom } from '../../core/random.ts'
import { asGlobal, asLocal, type LocalAdapter } from '../../lora/adapter.ts'
import { putFactors, takeFactors } from '../../lora/wire-state.ts'

export interface Secret {
  readonly text: string
  readonly local: LocalAdapter
  /** Byte strings of which none may leave, whatever it is that is sent. */
  readonly pieces: readonly Buffer[]
}

/** What a session would mix, had its member put its local adapter in the place of the global one. */
export interface Form {
  /** What the round began from, which all members know. */
  readonly base: Int32Array
  readonly numbers: Int32Array
}

/** Neighbouring numbers that are no chance. */
const window = 4

export function drawSecret(seed: string, codec: GlobalCodec): Secret {
  const random = createRandom(`canary ${seed}`)
  const text = `canary-${Array.from({ length: 32 }, () => random.below(16).toString(16)).join('')}`
  // On the grid, as every adapter that a codec made: what is planted is what is searched for.
  const drawn = Float32Array.from({ length: codec.parameters }, () => 1 + random.next())
  const { adapter } = codec.put(drawn)
  const own = codec.take(adapter)
  const forms = [own, toGrid(own, resultGrid), toGrid(own, mixingGrid)]
  return { text, local: asLocal(adapter), pieces: [Buffer.from(text), ...forms.flatMap(piecesOf)] }
}

/** Every so many neighbouring numbers, in memory's order of bytes: little endian on all machines that Node runs on. */
function piecesOf(numbers: Float32Array | Int32Array): Buffer[] {
  const size = Math.min(window, numbers.length)
  return Array.from({ length: numbers.length - size + 1 }, (_, i) => Buffer.from(numbers.slice(i, i + size).buffer))
}

export function formOf({ local }: Secret, { layout }: GlobalCodec, session: SessionCodec, base: GlobalState): Form {
  const { parts } = session
  const whole = asGlobal({ config: local.config, parameters: local.parameters })
  const trained = parts === 'AB' ? whole : putFactors(base.adapter, layout, parts, takeFactors(whole, layout, parts))
  return { base: toGrid(session.from(base), resultGrid), numbers: toGrid(session.take(base, trained), resultGrid) }
}

/**
 * Do these numbers, in units of `resultGrid`, hold a piece of a secret? Of numbers that a codec left out, and of those in
 * which the secret is what everybody knows, nothing can be told; of the others several, one behind the other, must be
 * within `near` units.
 */
export function holds(said: Int32Array, { base, numbers }: Form, near: number): boolean {
  if (said.length !== numbers.length) return false
  let alike = 0
  for (const [i, secret] of numbers.entries()) {
    const known = base[i] ?? 0
    const value = said[i] as number
    if (Math.abs(secret - known) <= 2 * near || Math.abs(value - known) <= near) continue
    alike = Math.abs(value - secret) <= near ? alike + 1 : 0
    if (alike >= window) return true
  }
  return false
}
