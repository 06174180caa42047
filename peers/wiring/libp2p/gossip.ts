/** Small signed announcements over gossipsub: who may say what, how often, and only once. */
import { type Message, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub'
import type { PeerId } from '@libp2p/interface'
import type { Announcement } from '../../../protocols/wire/announcements.ts'
import { QuotaMeter } from '../../../protocols/wire/quota.ts'
import { FedpitError } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import type { Members } from './members.ts'
import type { Node } from './node.ts'
import { encodeAnnouncement, type Topic, topicName, topics } from './topics.ts'

const PRUNE_MS = 60_000

export class Gossip {
  readonly #pubsub: Node['services']['pubsub']
  readonly #federation: string
  readonly #members: Members
  readonly #announced: (author: PeerKey, announcement: Announcement) => void
  readonly #quotas = new Map(topics.map((topic) => [topic.id, new QuotaMeter(topic.quota)]))
  #prune: NodeJS.Timeout | undefined

  constructor(
    node: Node,
    federation: string,
    members: Members,
    announced: (author: PeerKey, announcement: Announcement) => void,
  ) {
    this.#pubsub = node.services.pubsub
    this.#federation = federation
    this.#members = members
    this.#announced = announced
  }

  start(): void {
    for (const topic of topics) {
      const name = topicName(topic.id, this.#federation)
      this.#pubsub.topicValidators.set(name, (_source: PeerId, message: Message) => this.#judge(topic, message))
      this.#pubsub.subscribe(name)
    }
    this.#pubsub.addEventListener('message', this.#onMessage)
    this.#prune = setInterval(() => {
      for (const quota of this.#quotas.values()) quota.prune(performance.now())
    }, PRUNE_MS).unref()
  }

  stop(): void {
    clearInterval(this.#prune)
    this.#pubsub.removeEventListener('message', this.#onMessage)
    for (const topic of topics) this.#pubsub.topicValidators.delete(topicName(topic.id, this.#federation))
  }

  /** Resolves to the number of peers it was handed to: gossipsub drops in silence what it cannot send. */
  async announce(announcement: Announcement): Promise<number> {
    const { id, bytes } = encodeAnnouncement(announcement)
    const { recipients } = await this.#pubsub.publish(topicName(id, this.#federation), bytes)
    return recipients.length
  }

  /** Ignored: not for us to judge whose fault it is. Rejected: no honest peer would have signed or passed it on. */
  #judge(topic: Topic, message: Message): TopicValidatorResult {
    if (message.type !== 'signed') return TopicValidatorResult.Reject
    const author = message.from.toString()
    if (!this.#members.mayAnnounce(author)) return TopicValidatorResult.Ignore
    if (!this.#quotas.get(topic.id)?.take(author, performance.now())) return TopicValidatorResult.Ignore
    try {
      topic.decode(message.data)
    } catch (error) {
      const remote = error instanceof FedpitError && error.family === 'remote'
      return remote ? TopicValidatorResult.Reject : TopicValidatorResult.Ignore
    }
    const isNew = this.#members.isNew(author, message.sequenceNumber)
    return isNew ? TopicValidatorResult.Accept : TopicValidatorResult.Ignore
  }

  readonly #onMessage = ({ detail }: CustomEvent<Message>): void => {
    const topic = topics.find(({ id }) => topicName(id, this.#federation) === detail.topic)
    if (topic === undefined || detail.type !== 'signed') return
    this.#announced(detail.from.toString(), topic.decode(detail.data))
  }
}
