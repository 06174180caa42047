/** Exchange messages over direct streams, one each. */
import { encodeExchange, exchangeBytes } from '../../../protocols/exchange/codec.ts'
import {
  EXCHANGE_ID,
  EXCHANGE_INBOUND_STREAMS,
  EXCHANGE_OUTBOUND_STREAMS,
  EXCHANGE_QUOTA,
  exchangeTimeoutMs,
} from '../../../protocols/exchange/constants.ts'
import type { ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import { receiveExchange, sendExchange } from '../../../protocols/exchange/service.ts'
import { reasonOf, within } from '../../../protocols/wire/frames.ts'
import { QuotaMeter } from '../../../protocols/wire/quota.ts'
import { inputError, remoteError } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import type { Members } from './members.ts'
import type { Node } from './node.ts'
import { openStream, type StreamProtocol, takeStreamsOfMembers } from './streams.ts'

const protocol: StreamProtocol = {
  id: EXCHANGE_ID,
  maxInboundStreams: EXCHANGE_INBOUND_STREAMS,
  maxOutboundStreams: EXCHANGE_OUTBOUND_STREAMS,
  timeoutMs: 0,
}

export class Exchanges {
  readonly #node: Node
  readonly #members: Members
  readonly #limit: number
  readonly #deliver: (from: PeerKey, message: ExchangeMessage) => void
  readonly #quota = new QuotaMeter(EXCHANGE_QUOTA)

  /** `parameters`: numbers in a state, from which the largest message follows. */
  constructor(
    node: Node,
    members: Members,
    parameters: number,
    deliver: (from: PeerKey, message: ExchangeMessage) => void,
  ) {
    this.#node = node
    this.#members = members
    this.#limit = exchangeBytes(parameters)
    this.#deliver = deliver
  }

  async start(stop: AbortSignal): Promise<void> {
    await takeStreamsOfMembers(this.#node, this.#members, protocol, stop, async (stream, peer, signal) => {
      this.#quota.prune(performance.now())
      if (!this.#quota.take(peer, performance.now())) {
        throw remoteError('exchange.quota', `Cannot take a message of ${peer}: it sends more than its quota`)
      }
      await receiveExchange(
        stream,
        this.#limit,
        (message) => this.#deliver(peer, message),
        within(exchangeTimeoutMs(this.#limit), signal),
      )
    })
  }

  async send(to: PeerKey, message: ExchangeMessage, signal: AbortSignal): Promise<void> {
    const bytes = encodeExchange(message)
    if (bytes.byteLength > this.#limit) {
      const text = `Cannot send ${message.type}: expected at most ${this.#limit} bytes, got ${bytes.byteLength}`
      throw inputError('exchange.too-large', text)
    }
    const limit = within(exchangeTimeoutMs(bytes.byteLength), signal)
    const stream = await openStream(this.#node, this.#members, to, protocol, limit)
    try {
      await sendExchange(stream, bytes, limit)
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(reasonOf(error)))
      throw error
    }
  }
}
