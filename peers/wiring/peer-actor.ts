/** The peer's actor: one message at a time through the pure behaviour, and its effects made real. */

import type { Announcement } from '../../protocols/wire/announcements.ts'
import { FedpitError } from '../../src/core/errors.ts'
import type { Effect, Outcome, Task } from '../behaviour/effects.ts'
import { isSamePresence } from '../behaviour/member.ts'
import { notices } from '../behaviour/noticing.ts'
import { createPeerState, presenceOf, step } from '../behaviour/peer.ts'
import { type Input, type PeerConfig, phaseOf, roundOf, type Step } from '../behaviour/peer-state.ts'
import type { PeerEventBody } from '../events.ts'
import { createMailbox } from '../kernel/mailbox.ts'
import type { Clock, Network, NetworkEvent } from '../kernel/ports.ts'
import { type RestartPolicy, supervise } from '../kernel/supervision.ts'
import type { Hearing } from './hearing.ts'

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
  readonly hearing: Hearing
  readonly clock: Clock
  readonly work: PeerWork
  readonly publish: (event: PeerEventBody) => void
  readonly beatMs: number
  readonly restart: RestartPolicy
}

/** Inputs that wait. Those that only say "look again" wait once, and may be lost: it is said again at the next beat. */
const capacity = 1024
const expendable = new Set<Input['type']>(['heard', 'arrival', 'beat'])

/** Given as reasons, so that no error is made where nothing went wrong. */
const replaced = 'replaced'
const ended = 'ended'

/** Lives until the peer leaves; resolves to the reason. An abort makes it leave in order. */
export async function runPeerActor(parts: PeerActorParts, signal: AbortSignal): Promise<string> {
  const { config, network, hearing, clock, work, publish, beatMs } = parts
  const mailbox = createMailbox<Input>({ capacity, expendable: ({ type }) => expendable.has(type) })
  const waiting = new Set<Input['type']>()
  let task = new AbortController()
  /** Also those that were ended early and have not ended yet. */
  const underWay = new Set<Promise<void>>()
  let voidDeadline = (): void => {}
  let endBeats = (): void => {}
  let left: string | undefined

  const say = async (announcement: Announcement): Promise<void> => {
    await network.announce(announcement).catch((error: unknown) => {
      publish({ type: 'warning', code: 'gossip.unsaid', message: wordsOf(error) })
    })
  }
  const perform = async (effect: Effect, ticket: number): Promise<void> => {
    switch (effect.type) {
      case 'start':
        task.abort(replaced)
        task = new AbortController()
        keep(carryOut(effect.task, ticket, task.signal))
        return
      case 'deadline':
        voidDeadline()
        voidDeadline = clock.later(effect.ms, () => mailbox.post({ type: 'deadline', ticket }))
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
  const keep = (carried: Promise<void>): void => {
    const end = carried.finally(() => underWay.delete(end))
    underWay.add(end)
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
  const beat = (): void => {
    endBeats = clock.later(beatMs, beat)
    postOnce({ type: 'beat' })
  }

  const scene = () => ({ now: clock.now(), roster: hearing.roster })
  const postOnce = (input: Input): void => {
    if (waiting.has(input.type)) return
    waiting.add(input.type)
    mailbox.post(input)
  }
  let [state, effects]: Step = createPeerState(config)
  const unsubscribe = network.subscribe((event) => {
    relay(event, publish)
    // A newcomer has heard nothing yet: tell it at once, not at the next beat.
    if (event.type === 'joined') postOnce({ type: 'arrival' })
  })
  const unwatch = hearing.watch(() => {
    if (!waiting.has('heard') && notices(state, scene())) postOnce({ type: 'heard' })
  })
  const leave = (): void => {
    mailbox.post({ type: 'leave', reason: 'stopped' })
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    await network.start(signal)
    publish({ type: 'listening', addresses: network.addresses() })
    publish({ type: 'phase', phase: phaseOf(state), round: roundOf(state) })
    endBeats = clock.later(beatMs, beat)
    let presence = presenceOf(state)
    for (;;) {
      for (const { ticket, ...effect } of effects) await perform(effect, ticket)
      if (left !== undefined) break
      const input = await mailbox.take()
      waiting.delete(input.type)
      const was = state
      ;[state, effects] = step(state, input, scene())
      const before = presence
      const after = state === was ? before : presenceOf(state)
      const changed = !isSamePresence(before, after)
      if (changed) presence = after
      if (after.phase !== before.phase || roundOf(state) !== roundOf(was)) {
        publish({ type: 'phase', phase: phaseOf(state), round: roundOf(state) })
      }
      if (changed || input.type === 'beat' || input.type === 'arrival') {
        const said = say(presence)
        if (presence.phase === 'leaving') await said
      }
      if (input.type === 'beat') publish({ type: 'traffic', ...network.traffic() })
    }
    return left
  } finally {
    signal.removeEventListener('abort', leave)
    task.abort(ended)
    voidDeadline()
    endBeats()
    unsubscribe()
    unwatch()
    // A failure of one must not keep the network open.
    await Promise.allSettled(underWay)
    publish({ type: 'traffic', ...network.traffic() })
    await network.stop()
    publish({ type: 'stopped', reason: left ?? 'failed' })
  }
}

function relay(event: NetworkEvent, publish: (event: PeerEventBody) => void): void {
  if (event.type === 'joined') publish({ type: 'peer.joined', other: event.peer, otherName: event.name })
  if (event.type === 'left') publish({ type: 'peer.left', other: event.peer, reason: event.reason })
  if (event.type === 'refused') publish({ type: 'peer.refused', other: event.peer, differs: event.differs })
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
