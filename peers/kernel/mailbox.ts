/** A bounded queue with one reader: where a peer's messages wait until it has time for them. */

export interface MailboxOptions<M> {
  /** Messages that may wait. */
  readonly capacity: number
  /** May this message be lost? Gossip repeats itself; the outcome of an effect never comes again. */
  readonly expendable: (message: M) => boolean
}

export interface Mailbox<M> {
  /**
   * Puts a message at the end. When the box is full the oldest expendable message makes room; when none is
   * expendable the new one is turned away. False: something was lost, and `lost` counts it.
   */
  post(message: M): boolean
  /** The oldest message, as soon as there is one. One reader at a time; rejects when aborted. */
  take(signal?: AbortSignal): Promise<M>
  readonly size: number
  readonly lost: number
}

export function createMailbox<M>({ capacity, expendable }: MailboxOptions<M>): Mailbox<M> {
  const waiting: M[] = []
  let lost = 0
  let wake: (() => void) | undefined

  const post = (message: M): boolean => {
    let kept = true
    if (waiting.length >= capacity) {
      kept = false
      lost += 1
      const victim = waiting.findIndex(expendable)
      if (victim === -1) return false
      waiting.splice(victim, 1)
    }
    waiting.push(message)
    wake?.()
    return kept
  }

  const take = async (signal?: AbortSignal): Promise<M> => {
    if (wake !== undefined) throw new TypeError('Cannot take a message: expected one reader, got a second')
    signal?.throwIfAborted()
    if (waiting.length === 0) await arrival(signal)
    return waiting.shift() as M
  }

  const arrival = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (then: () => void) => () => {
        wake = undefined
        signal?.removeEventListener('abort', aborted)
        then()
      }
      const aborted = settle(() => reject(signal?.reason))
      wake = settle(resolve)
      signal?.addEventListener('abort', aborted, { once: true })
    })

  return {
    post,
    take,
    get size() {
      return waiting.length
    },
    get lost() {
      return lost
    },
  }
}
