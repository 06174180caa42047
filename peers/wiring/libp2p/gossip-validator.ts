/** What becomes of a gossip message before it is delivered or passed on (protocols/presence/SPEC.md). */
import { type Message, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub'
import { QuotaMeter } from '../../../protocols/wire/quota.ts'
import { FedpitError } from '../../../src/core/errors.ts'
import type { Members } from './members.ts'
import type { Topic } from './topics.ts'

/**
 * The validator of one topic; `now` in milliseconds. A message is ignored where it is not for us to judge whose fault it
 * is, and rejected where no honest peer would have signed it or passed it on: only that costs the sender its score.
 */
export function gossipValidator(
  topic: Topic,
  members: Members,
  now: () => number,
): (message: Message) => TopicValidatorResult {
  const quota = new QuotaMeter(topic.quota)
  return (message) => {
    if (message.type !== 'signed') return TopicValidatorResult.Reject
    const author = message.from.toString()
    if (!members.mayAnnounce(author)) return TopicValidatorResult.Ignore
    // Before the quota, so that replays by others do not use up an author's own.
    if (!members.isNew(author, message.sequenceNumber)) return TopicValidatorResult.Ignore
    quota.prune(now())
    if (!quota.take(author, now())) return TopicValidatorResult.Ignore
    try {
      topic.decode(message.data)
    } catch (error) {
      const remote = error instanceof FedpitError && error.family === 'remote'
      return remote ? TopicValidatorResult.Reject : TopicValidatorResult.Ignore
    }
    return TopicValidatorResult.Accept
  }
}
