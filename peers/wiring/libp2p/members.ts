/** Who has joined: the peers that accepted our hello, and whose hello we accepted. */
import type { Hello, Member } from '../../../protocols/hello/messages.ts'
import { type Quota, QuotaMeter } from '../../../protocols/wire/quota.ts'
import { ReplayGuard } from '../../../protocols/wire/replay.ts'
import type { NetworkEvent, PeerKey } from '../../kernel/ports.ts'

type Emit = (event: NetworkEvent) => void

/** Of all peers together: ids cost whoever floods a peer nothing, and each refusal is an event that is kept. */
const REFUSAL_QUOTA: Quota = { messages: 20, perMs: 60_000 }

export class Members {
  readonly #emit: Emit
  readonly #allowlist: ReadonlySet<PeerKey>
  readonly #joined = new Map<PeerKey, Hello>()
  /** The last refusal of each peer that was reported, so that a redial does not repeat it. */
  readonly #refusals = new Map<PeerKey, string>()
  readonly #reported = new QuotaMeter(REFUSAL_QUOTA)
  readonly #replays = new ReplayGuard()
  readonly #now: () => number

  constructor(allowlist: Iterable<PeerKey>, emit: Emit, now = () => performance.now()) {
    this.#allowlist = new Set(allowlist)
    this.#emit = emit
    this.#now = now
  }

  has(peer: PeerKey): boolean {
    return this.#joined.has(peer)
  }

  keys(): PeerKey[] {
    return [...this.#joined.keys()]
  }

  /** At most `peers` members but `except`, with at most `addresses` addresses each. */
  list(except: PeerKey, peers: number, addresses: number): Member[] {
    return [...this.#joined]
      .filter(([peer]) => peer !== except)
      .slice(-peers)
      .map(([peer, hello]) => ({ peer, addresses: hello.addresses.slice(0, addresses) }))
  }

  join(peer: PeerKey, hello: Hello): void {
    const before = this.#joined.get(peer)
    this.#joined.set(peer, hello)
    this.#refusals.delete(peer)
    this.#replays.admit(peer, hello.started)
    if (before?.started === hello.started) return
    if (before !== undefined) this.#emit({ type: 'left', peer, reason: 'it restarted' })
    this.#emit({ type: 'joined', peer, name: hello.name, addresses: hello.addresses })
  }

  leave(peer: PeerKey, reason: string): void {
    if (this.#joined.delete(peer)) this.#emit({ type: 'left', peer, reason })
  }

  refuse(peer: PeerKey, differs: string): void {
    this.leave(peer, differs)
    if (this.#refusals.get(peer) === differs || !this.#reported.take('all', this.#now())) return
    this.#refusals.delete(peer)
    this.#refusals.set(peer, differs)
    const oldest = this.#refusals.keys().next()
    if (this.#refusals.size > 1024 && !oldest.done) this.#refusals.delete(oldest.value)
    this.#emit({ type: 'refused', peer, differs })
  }

  /** Whether `author` may announce: a member, or named by the allowlist though it has not introduced itself to us. */
  mayAnnounce(author: PeerKey): boolean {
    return this.has(author) || this.#allowlist.has(author)
  }

  /** Whether an author that may announce signs under this number for the first time. */
  isNew(author: PeerKey, sequence: bigint): boolean {
    if (!this.#replays.knows(author)) this.#replays.admit(author, 0)
    return this.#replays.isNew(author, sequence)
  }

  clear(): void {
    this.#joined.clear()
  }
}
