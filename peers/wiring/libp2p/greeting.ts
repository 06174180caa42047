/** Hello made real: who says it first, what becomes of a connection whose peers do not fit, and how members are learnt. */
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import {
  HELLO_ID,
  HELLO_INBOUND_STREAMS,
  HELLO_OUTBOUND_STREAMS,
  HELLO_QUOTA,
  HELLO_TIMEOUT_MS,
  MEMBER_ADDRESSES,
  MEMBERS,
} from '../../../protocols/hello/constants.ts'
import { differences } from '../../../protocols/hello/differences.ts'
import type { Hello } from '../../../protocols/hello/messages.ts'
import { answer, greet, type Party } from '../../../protocols/hello/service.ts'
import { within } from '../../../protocols/wire/frames.ts'
import { QuotaMeter } from '../../../protocols/wire/quota.ts'
import { localError, remoteError } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { watchTries } from './dial-tries.ts'
import type { Members } from './members.ts'
import type { Node } from './node.ts'
import { errorOf, orAbort, takeStreams } from './streams.ts'

const CLOSE_TIMEOUT_MS = 2_000

export interface GreetingDeps {
  readonly node: Node
  readonly members: Members
  /** What we say of ourselves now. */
  hello(): Hello
  /** Where a peer says that it is. */
  learn(peer: PeerKey, addresses: readonly string[]): void
  /** Where others say so. */
  hear(peer: PeerKey, addresses: readonly string[]): void
}

export class Greeting {
  readonly #deps: GreetingDeps
  readonly #quota = new QuotaMeter(HELLO_QUOTA)
  #stop: AbortSignal = AbortSignal.abort()

  constructor(deps: GreetingDeps) {
    this.#deps = deps
  }

  /** Answers the hellos of others until `stop`; who connects and says none is disconnected. */
  async start(stop: AbortSignal): Promise<void> {
    const { node, members } = this.#deps
    this.#stop = stop
    node.addEventListener('connection:open', ({ detail: connection }) => {
      const timer = setTimeout(() => {
        if (!members.has(connection.remotePeer.toString())) connection.abort(new Error('It said no hello'))
      }, HELLO_TIMEOUT_MS)
      connection.addEventListener('close', () => clearTimeout(timer))
    })
    const limits = {
      id: HELLO_ID,
      maxInboundStreams: HELLO_INBOUND_STREAMS,
      maxOutboundStreams: HELLO_OUTBOUND_STREAMS,
      timeoutMs: HELLO_TIMEOUT_MS,
    }
    await takeStreams(node, limits, stop, async (stream, connection, signal) => {
      const peer = connection.remotePeer.toString()
      this.#quota.prune(performance.now())
      if (!this.#quota.take(peer, performance.now())) {
        throw remoteError('hello.quota', `Cannot answer the hello of ${peer}: it says more than its quota`)
      }
      const differs = await answer(stream, peer, this.#party(connection), signal)
      if (differs !== '') await this.#refuse(connection, differs)
    })
  }

  /** Dials one peer at any of its addresses and says hello. Resolves to its id once it has joined. */
  async connect(addresses: readonly string[], signal: AbortSignal): Promise<PeerKey> {
    const connection = await this.#dial(addresses, within(HELLO_TIMEOUT_MS, signal))
    await this.greet(connection, within(HELLO_TIMEOUT_MS, signal))
    return connection.remotePeer.toString()
  }

  /** Says hello; to a member again, which refreshes what each knows of the other members. */
  async greet(connection: Connection, signal: AbortSignal): Promise<void> {
    const peer = connection.remotePeer.toString()
    const wasMember = this.#deps.members.has(peer)
    let differs: string
    try {
      const stream = await connection.newStream(HELLO_ID, { signal })
      differs = await orAbort(stream, async () => {
        const found = await greet(stream, peer, this.#party(connection), signal)
        await stream.close({ signal })
        return found
      })
    } catch (error) {
      // A member whose connection breaks is one that left, not one that refuses us.
      if (!wasMember) this.#failed(connection, error)
      throw error
    }
    if (differs === '') return
    await this.#refuse(connection, differs)
    throw localError('hello.differs', `Cannot join ${peer}: ${differs}`)
  }

  async #dial(addresses: readonly string[], signal: AbortSignal): Promise<Connection> {
    const tries = watchTries(() => performance.now())
    try {
      return await this.#deps.node.dial(
        addresses.map((address) => multiaddr(address)),
        { signal, onProgress: tries.onProgress },
      )
    } catch (error) {
      const peer = /\/p2p\/([A-Za-z0-9]+)$/.exec(addresses[0] ?? '')?.[1]
      const differs = tries.failure(error, signal.aborted)
      if (peer !== undefined && differs !== undefined) this.#deps.members.refuse(peer, differs)
      throw error
    }
  }

  #failed(connection: Connection, error: unknown): void {
    const { members } = this.#deps
    const peer = connection.remotePeer.toString()
    if (members.has(peer) || this.#stop.aborted) return
    if (connection.status !== 'open') {
      members.refuse(peer, 'it closed the connection without an answer to our hello: its allowlist may not name us')
    } else if (error instanceof Error && error.name === 'UnsupportedProtocolError') {
      members.refuse(peer, `it does not speak ${HELLO_ID}`)
    }
    connection.abort(errorOf(error))
  }

  async #refuse(connection: Connection, differs: string): Promise<void> {
    this.#deps.members.refuse(connection.remotePeer.toString(), differs)
    try {
      await connection.close({ signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) })
    } catch (error) {
      connection.abort(errorOf(error))
    }
  }

  #party(connection: Connection): Party {
    const { members, learn, hear } = this.#deps
    const peer = connection.remotePeer.toString()
    const hello = this.#deps.hello()
    return {
      hello,
      judge: (theirs) => differences(hello, theirs),
      members: () => members.list(peer, MEMBERS, MEMBER_ADDRESSES),
      accept: (theirs, told) => {
        if (connection.status !== 'open') throw localError('hello.closed', `Cannot join ${peer}: its connection closed`)
        learn(peer, theirs.addresses)
        members.join(peer, theirs)
        for (const other of told) hear(other.peer, other.addresses)
      },
    }
  }
}
