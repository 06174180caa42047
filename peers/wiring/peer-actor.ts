/** The peer's actor: one message at a time through the pure behaviour, and its effects made real. */

import type { Announcement } from '../../protocols/wire/announcements.ts'
import { FedpitError } from '../../src/core/errors.ts'
import type { Effect, Outcome, Task } from '../behaviour/effects.ts'
import {
  createPeerState,
  type Input,
  type PeerConfig,
  phaseOf,
  presenceOf,
  roundOf,
  type Step,
  step,
} from '../behaviour/peer.ts'
import type { PeerEventBody } from '../events.ts'
import { createMailbox } from '../kernel/mailbox.ts'
import type { Clock, Network, NetworkEvent } from '../kernel/ports.ts'
import { type RestartPolicy, supervise } from '../kernel/supervision.ts'

/** What the peer can do, as the actor needs it. */
export interface PeerWork {
  /** Carries a task out. `report` says how far it has come; the resolved outcome is its end. */
  run(task: Task, signal: AbortSignal, report: (outcome: Outcome) => void): Promise<Outcome>
  /** Durable when it resolves. */
  save(completed: number, digest: string): Promise<void>
  /** Size of an adapter that is published, and figures worth telling. */
  describe(digest: string): { readonly bytes: number; readonly metrics: Readonly<Record<string, number>> }
}

export interface PeerActorParts {
  readonly config: PeerConfig
  readonly network: Network
  readonly clock: Clock
  readonly work: PeerWork
  readonly publish: (event: PeerEventBody) => void
  readonly beatMs: number
  readonly restart: RestartPolicy
}

/** Gossip that waits; beyond it the oldest is lost, and said again at the next beat. */
const capacity = 1024

/** Lives until the peer leaves; resolves to the reason. An abort makes it leave in order. */
export async function runPeerActor(parts: PeerActorParts, signal: AbortSignal): Promise<string> {
  const { config, network, clock, work, publish, beatMs } = parts
  const mailbox = createMailbox<Input>({ capacity, expendable: ({ type }) => type === 'network' || type === 'beat' })
  const life = new AbortController()
  let task = new AbortController()
  let timer = new AbortController()
  let left: string | undefined

  const say = async (announcement: Announcement): Promise<void> => {
    await network.announce(announcement).catch((error: unknown) => {
      publish({ type: 'warning', code: 'gossip.unsaid', message: wordsOf(error) })
    })
  }
  const perform = async (effect: Effect, ticket: number): Promise<void> => {
    switch (effect.type) {
      case 'start':
        task.abort()
        task = new AbortController()
        void carryOut(effect.task, ticket, AbortSignal.any([task.signal, life.signal]))
        return
      case 'deadline':
        timer.abort()
        timer = new AbortController()
        void clock.sleep(effect.ms, AbortSignal.any([timer.signal, life.signal])).then(
          () => mailbox.post({ type: 'deadline', ticket }),
          () => {},
        )
        return
      case 'save':
        return work.save(effect.completed, effect.digest)
      case 'publish': {
        const { digest, round } = effect
        const update = { type: 'update', round, digest, examples: config.examples, ...work.describe(digest) } as const
        void say(update)
        return
      }
      case 'warn':
        return publish({ type: 'warning', code: effect.code, message: effect.message })
      case 'leave':
        left = effect.reason
        return
    }
  }
  const carryOut = async (what: Task, ticket: number, until: AbortSignal): Promise<void> => {
    const answer = (outcome: Outcome): unknown => mailbox.post({ type: 'outcome', ticket, outcome })
    const death = await supervise((stop) => work.run(what, stop, answer), {
      clock,
      policy: parts.restart,
      signal: until,
      restartable: (error) => !(error instanceof FedpitError && error.family === 'input'),
      onRestart: ({ attempt, error }) =>
        publish({
          type: 'warning',
          code: 'task.restarted',
          message: `Tries to ${what.kind} again (${attempt}): ${wordsOf(error)}`,
        }),
    })
    if (death.type === 'finished') answer(death.value)
    if (death.type === 'given-up') answer({ type: 'failed', reason: wordsOf(death.error) })
  }
  const beats = async (): Promise<void> => {
    while (!life.signal.aborted) {
      await clock.sleep(beatMs, life.signal)
      mailbox.post({ type: 'beat' })
    }
  }

  const unsubscribe = network.subscribe((event) => {
    relay(event, publish)
    mailbox.post({ type: 'network', event })
  })
  const leave = (): void => {
    mailbox.post({ type: 'leave', reason: 'stopped' })
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    await network.start(signal)
    publish({ type: 'listening', addresses: network.addresses() })
    let [state, effects]: Step = createPeerState(config)
    publish({ type: 'phase', phase: phaseOf(state), round: roundOf(state) })
    void beats().catch(() => {})
    for (;;) {
      for (const { ticket, ...effect } of effects) await perform(effect, ticket)
      if (left !== undefined) break
      const input = await mailbox.take()
      const before = presenceOf(state)
      ;[state, effects] = step(state, input, clock.now())
      const after = presenceOf(state)
      if (after.phase !== before.phase || after.round !== before.round) {
        publish({ type: 'phase', phase: phaseOf(state), round: after.round })
      }
      const changed = JSON.stringify(after) !== JSON.stringify(before)
      if (changed || input.type === 'beat' || isArrival(input)) {
        const said = say(after)
        if (after.phase === 'leaving') await said
      }
      if (input.type === 'beat') publish({ type: 'traffic', ...network.traffic() })
    }
    return left
  } finally {
    signal.removeEventListener('abort', leave)
    life.abort()
    unsubscribe()
    publish({ type: 'traffic', ...network.traffic() })
    await network.stop()
    publish({ type: 'stopped', reason: left ?? 'failed' })
  }
}

/** A newcomer has heard nothing yet: tell it at once, not at the next beat. */
function isArrival(input: Input): boolean {
  return input.type === 'network' && input.event.type === 'joined'
}

function relay(event: NetworkEvent, publish: (event: PeerEventBody) => void): void {
  if (event.type === 'joined') publish({ type: 'peer.joined', other: event.peer, otherName: event.name })
  if (event.type === 'left') publish({ type: 'peer.left', other: event.peer, reason: event.reason })
  if (event.type === 'refused') publish({ type: 'peer.refused', other: event.peer, differs: event.differs })
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
