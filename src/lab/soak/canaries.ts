/**
 * Secrets that are planted in simulated peers, and the search for them in every byte that leaves one. A peer's private
 * examples lie on its disk; its local adapter is made of numbers that no other adapter has.
 */
import type { Network, Store } from '../../../peers/kernel/ports.ts'
import type { PeerLife } from '../../../peers/peer-life.ts'
import { wireBytes } from '../../../peers/wiring/wire-bytes.ts'
import { fixed } from '../../averaging/codecs/fixed.ts'
import { mixingGrid, resultGrid, toGrid } from '../../averaging/fixed-point.ts'
import { fromMixture, parametersOf } from '../../averaging/weighted.ts'
import { createRandom } from '../../core/random.ts'
import { asLocal } from '../../lora/adapter.ts'

export interface Canaries {
  /** The life with its secrets planted, and its network watched. */
  readonly plant: (life: PeerLife) => PeerLife
  /** Each secret that left, with who let it go and in what; in the order in which it was seen first. */
  found(): string[]
  /** Bytes that were searched. */
  searched(): number
}

interface Secret {
  readonly text: string
  /** B factors of the local adapter. */
  readonly local: Float32Array
  /** The same on the grid that results are on. */
  readonly units: Int32Array
  /** Byte strings of which none may leave. */
  readonly pieces: readonly Buffer[]
}

/** Where a simulated peer's private examples lie in its store. Nothing of the product reads it. */
export const privateKey = 'private-examples'
/** Neighbouring numbers that are no chance: 16 bytes, or four values to within two units of 2^-20. */
const window = 4
const near = 2

export function plantCanaries(seed: string): Canaries {
  const secrets = new Map<string, Secret>()
  const found = new Set<string>()
  let searched = 0

  const secretOf = ({ name, codec }: PeerLife): Secret => {
    const known = secrets.get(name) ?? drawSecret(`${seed} ${name}`, codec.parameters)
    secrets.set(name, known)
    return known
  }
  const look = (by: string, what: string, encode: () => Uint8Array): void => {
    const bytes = encoded(encode)
    searched += bytes.length
    const said = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (const [owner, { pieces }] of secrets) {
      if (pieces.some((piece) => said.includes(piece))) found.add(`${by} let a secret of ${owner} go in ${what}`)
    }
  }
  /** What is mixed is multiplied by a weight, which stands beside it: the product is no byte string that is known. */
  const lookAtState = (by: string, what: string, mixture: Int32Array): void => {
    const units = fromMixture(mixture)
    for (const [owner, secret] of secrets) {
      if (holds(units, secret.units)) found.add(`${by} let the local adapter of ${owner} go in ${what}`)
    }
  }
  const watched = ({ name: by, plan, network }: PeerLife): Network => ({
    ...network,
    announce(announcement) {
      look(by, `an announcement of its ${announcement.type}`, () => wireBytes.announcement(announcement))
      return network.announce(announcement)
    },
    send(to, message, signal) {
      look(by, `its ${message.type}`, () => wireBytes.exchange(message))
      // What a lossy codec says of a state is no number of it.
      if ('state' in message && plan.mixing.codec === 'fixed')
        lookAtState(by, `its ${message.type}`, numbersIn(message.state))
      return network.send(to, message, signal)
    },
    // What is offered leaves when somebody asks for it.
    offer(digest, bytes) {
      look(by, 'an adapter that it offers', () => bytes)
      network.offer(digest, bytes)
    },
  })
  return {
    plant(life) {
      const { codec, store, learning } = life
      const { text, local } = secretOf(life)
      const train: PeerLife['learning']['train'] = async (...input) => {
        const trained = await learning.train(...input)
        return { ...trained, local: asLocal(codec.put(local).adapter) }
      }
      return {
        ...life,
        network: watched(life),
        store: withPrivate(store, text),
        learning: { ...learning, train },
      }
    },
    found: () => [...found],
    searched: () => searched,
  }
}

const numbersIn = (state: Uint8Array): Int32Array => fixed.decode(state, state.length / 4, new Int32Array())

/** What cannot be encoded does not leave: the network refuses it as well. */
function encoded(encode: () => Uint8Array): Uint8Array {
  try {
    return encode()
  } catch {
    return new Uint8Array()
  }
}

function drawSecret(seed: string, parameters: number): Secret {
  const random = createRandom(`canary ${seed}`)
  const text = `canary-${Array.from({ length: 32 }, () => random.below(16).toString(16)).join('')}`
  // On the grid, as every adapter that a codec made: what is planted is what is searched for.
  const units = toGrid(
    Float32Array.from({ length: parameters }, () => 1 + random.next()),
    resultGrid,
  )
  const local = parametersOf(units)
  const finer = toGrid(local, mixingGrid)
  return { text, local, units, pieces: [Buffer.from(text), ...[local, units, finer].flatMap(piecesOf)] }
}

/** Every so many neighbouring numbers, in memory's order of bytes: little endian on all machines that Node runs on. */
function piecesOf(numbers: Float32Array | Int32Array): Buffer[] {
  const size = Math.min(window, numbers.length)
  return Array.from({ length: numbers.length - size + 1 }, (_, i) => Buffer.from(numbers.slice(i, i + size).buffer))
}

function holds(units: Int32Array, secret: Int32Array): boolean {
  let alike = 0
  for (const [i, value] of units.entries()) {
    alike = Math.abs(value - (secret[i] ?? Number.POSITIVE_INFINITY)) <= near ? alike + 1 : 0
    if (alike >= Math.min(window, secret.length)) return true
  }
  return false
}

const withPrivate = (store: Store, text: string): Store => ({
  ...store,
  read: async (key) => (key === privateKey ? new TextEncoder().encode(text) : store.read(key)),
})
