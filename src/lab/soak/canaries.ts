/**
 * Secrets that are planted in simulated peers, and the search for them in everything that leaves one. A peer's private
 * examples lie on its disk; its local adapter is made of numbers that no other adapter has.
 *
 * Bytes are searched as they are: for the text, and for the numbers as they lie in memory. A state is not sent as it is,
 * though: it is multiplied by its weight, of the factors of its round alone, with an outer optimiser beside the numbers
 * that it began from, and by a lossy codec as rounded differences to those. So states are read as their receiver reads
 * them, and compared with what would stand there, had the peer brought its local adapter.
 */
import type { Network, Store } from '../../../peers/kernel/ports.ts'
import type { PeerLife } from '../../../peers/peer-life.ts'
import type { GlobalCodec } from '../../../peers/wiring/global-state.ts'
import { wireBytes } from '../../../peers/wiring/wire-bytes.ts'
import { codecByName } from '../../averaging/codecs/by-name.ts'
import { decodeState, numbersIn } from '../../averaging/state-bytes.ts'
import { fromMixture } from '../../averaging/weighted.ts'
import { drawSecret, type Form, formOf, holds, type Secret } from './secret.ts'

export interface Canaries {
  /** The life with its secrets planted, and its network watched. */
  readonly plant: (life: PeerLife) => PeerLife
  /** Each secret that left, with who let it go and in what; in the order in which it was seen first. */
  found(): string[]
  /** Bytes that were searched. */
  searched(): number
}

/** Where a simulated peer's private examples lie in its store. Nothing of the product reads it. */
export const privateKey = 'private-examples'
/** Units of 2^-20 that the same number may be off: by dividing by its weight, or by a lossy codec (1/254 of up to 4). */
const near = { exact: 2, lossy: 2 ** 15 }

export function plantCanaries(seed: string): Canaries {
  const secrets = new Map<string, Secret>()
  /** Of each peer's session of late. */
  const forms = new Map<string, Form>()
  const found = new Set<string>()
  let searched = 0

  const secretOf = ({ name, codec }: PeerLife): Secret => {
    const known = secrets.get(name) ?? drawSecret(`${seed} ${name}`, codec)
    secrets.set(name, known)
    return known
  }
  const look = (by: string, what: string, encode: () => Uint8Array): void => {
    const bytes = possible(encode) ?? new Uint8Array()
    searched += bytes.length
    const said = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (const [owner, { pieces }] of secrets) {
      if (pieces.some((piece) => said.includes(piece))) found.add(`${by} let a secret of ${owner} go in ${what}`)
    }
  }
  const lookAtNumbers = (by: string, what: string, exact: boolean, read: () => Int32Array): void => {
    const units = possible(read)
    if (units === undefined) return
    for (const [owner, form] of forms) {
      const leaked = holds(units, form, exact ? near.exact : near.lossy)
      if (leaked) found.add(`${by} let the local adapter of ${owner} go in ${what}`)
    }
  }
  const watched = ({ name: by, plan, network }: PeerLife): Network => {
    const codec = codecByName(plan.mixing.codec)
    return {
      ...network,
      announce(announcement) {
        look(by, `an announcement of its ${announcement.type}`, () => wireBytes.announcement(announcement))
        return network.announce(announcement)
      },
      send(to, message, signal) {
        const what = `its ${message.type}`
        look(by, what, () => wireBytes.exchange(message))
        const form = forms.get(by)
        if ('state' in message && form !== undefined) {
          const { numbers, base } = form
          const read = () => fromMixture(codec.decode(message.state, numbers.length + 1, base))
          lookAtNumbers(by, what, codec.exact, read)
        }
        return network.send(to, message, signal)
      },
      // What is offered leaves when somebody asks for it.
      offer(digest, bytes) {
        const what = 'an adapter that it offers'
        look(by, what, () => bytes)
        lookAtNumbers(by, what, codec.exact, () => decodeState(bytes, numbersIn(bytes.length)))
        network.offer(digest, bytes)
      },
    }
  }
  /** The codec, which a session asks what it begins from. */
  const followed = (life: PeerLife): GlobalCodec => ({
    ...life.codec,
    session(round) {
      const session = life.codec.session(round)
      return {
        ...session,
        from(base) {
          forms.set(life.name, formOf(secretOf(life), life.codec, session, base))
          return session.from(base)
        },
      }
    },
  })
  return {
    plant(life) {
      const { store, learning } = life
      const { text, local } = secretOf(life)
      const personalise: PeerLife['learning']['personalise'] = async (...input) => {
        await learning.personalise(...input)
        return local
      }
      return {
        ...life,
        codec: followed(life),
        network: watched(life),
        store: withPrivate(store, text),
        learning: { ...learning, personalise },
      }
    },
    found: () => [...found],
    searched: () => searched,
  }
}

/** What cannot be encoded does not leave, as the network refuses it as well; what cannot be read is no state. */
function possible<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

const withPrivate = (store: Store, text: string): Store => ({
  ...store,
  read: async (key) => (key === privateKey ? new TextEncoder().encode(text) : store.read(key)),
})
