/** Small signed announcements over gossipsub. */
import type { Message } from '@chainsafe/libp2p-gossipsub'
import type { PeerId } from '@libp2p/interface'
import type { Announcement } from '../../../protocols/wire/announcements.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { gossipValidator } from './gossip-validator.ts'
import type { Members } from './members.ts'
import type { Node } from './node.ts'
import { encodeAnnouncement, topicName, topics } from './topics.ts'

export class Gossip {
  readonly #pubsub: Node['services']['pubsub']
  readonly #federation: string
  readonly #members: Members
  readonly #announced: (author: PeerKey, announcement: Announcement) => void

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
      const validate = gossipValidator(topic, this.#members, () => performance.now())
      this.#pubsub.topicValidators.set(name, (_source: PeerId, message: Message) => validate(message))
      this.#pubsub.subscribe(name)
    }
    this.#pubsub.addEventListener('message', this.#onMessage)
  }

  stop(): void {
    this.#pubsub.removeEventListener('message', this.#onMessage)
    for (const topic of topics) this.#pubsub.topicValidators.delete(topicName(topic.id, this.#federation))
  }

  /** Resolves to the number of peers it was handed to: gossipsub drops in silence what it cannot send. */
  async announce(announcement: Announcement): Promise<number> {
    const { id, bytes } = encodeAnnouncement(announcement)
    const { recipients } = await this.#pubsub.publish(topicName(id, this.#federation), bytes)
    return recipients.length
  }

  readonly #onMessage = ({ detail }: CustomEvent<Message>): void => {
    const topic = topics.find(({ id }) => topicName(id, this.#federation) === detail.topic)
    if (topic === undefined || detail.type !== 'signed') return
    this.#announced(detail.from.toString(), topic.decode(detail.data))
  }
}
