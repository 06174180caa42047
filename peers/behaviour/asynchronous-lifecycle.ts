/**
 * A peer's life where mixing is asynchronous: no round is waited for. It generates, trains, exchanges with one partner and
 * goes on, until so many updates a peer are in what it holds; then it answers until the others have come as far.
 *
 * Where most have come as far, the others stop as well: a slow peer costs nobody more than that.
 *
 * `round` counts the peer's own updates here. Whoever comes new, or is further from most than they exchange over, takes
 * the state of the newest and goes on from there.
 */
import { assign, setup } from 'xstate'
import type { Effect } from './effects.ts'
import {
  deadline,
  type LifecycleContext,
  type LifecycleEvent,
  type LifecycleInput,
  notPulled,
  perform,
  pullNewest,
  start,
  warn,
} from './lifecycle-parts.ts'

/** Updates that this peer has made. */
const madeIn = ({ round }: LifecycleContext): number => round - 1

const chart = setup({
  types: {} as { context: LifecycleContext; events: LifecycleEvent; input: LifecycleInput },
  actions: {
    /** Carried out by `peers/wiring`; here it is only named. */
    perform: (_, _effect: Effect) => {},
    /** What the peer holds after an exchange. */
    keepHeld: assign(({ event }) => (event.type === 'exchanged' ? { base: event.digest, version: event.version } : {})),
    keepPulled: assign(({ event }) =>
      event.type === 'pulled' ? { base: event.checkpoint.digest, version: event.checkpoint.round } : {},
    ),
    nextUpdate: assign(({ context }) => ({ round: context.round + 1 })),
    finish: assign({ finished: true }),
    keepReason: assign(({ event }) => ({ reason: 'reason' in event ? event.reason : 'done' })),
  },
  guards: {
    apart: ({ event }) => event.view.apart && event.view.newest !== undefined,
    complete: ({ context, event }) =>
      (event.type === 'exchanged' ? event.version : (context.version ?? 0)) >= context.rounds,
    finished: ({ context }) => context.finished === true,
  },
})

const save = perform(({ context }) => ({ type: 'save', completed: madeIn(context), digest: context.base }))

export const asynchronousLifecycle = chart.createMachine({
  id: 'peer',
  initial: 'joining',
  context: ({ input: { completed, rounds, base, deadlines, asynchronous } }) => ({
    deadlines,
    rounds,
    round: completed + 1,
    base,
    reason: 'done',
    finished: false,
    ...(asynchronous?.version === undefined ? {} : { version: asynchronous.version }),
  }),
  on: { leave: { target: '.leaving', actions: 'keepReason' } },
  states: {
    joining: {
      initial: 'gathering',
      states: {
        gathering: {
          entry: deadline('join'),
          on: {
            gathered: [{ guard: 'apart', target: 'pulling' }, { target: 'deciding' }],
            deadline: [{ guard: 'apart', target: 'pulling' }, { target: 'deciding' }],
          },
        },
        pulling: {
          entry: [pullNewest, deadline('pull')],
          on: {
            pulled: { target: 'deciding', actions: ['keepPulled', save] },
            failed: { target: 'deciding', actions: notPulled },
            deadline: { target: 'deciding', actions: notPulled },
          },
        },
        deciding: {
          always: [{ guard: 'complete', target: '#peer.idle.done', actions: 'finish' }, { target: '#peer.generating' }],
        },
      },
    },
    generating: {
      entry: start(({ context: { round } }) => ({ kind: 'work', round })),
      on: {
        generated: { target: 'training' },
        overtaken: { target: 'idle.done', actions: 'finish' },
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    training: {
      on: {
        trained: { target: 'exchanging' },
        overtaken: { target: 'idle.done', actions: 'finish' },
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    exchanging: {
      entry: [start(({ context: { round } }) => ({ kind: 'exchange', round })), deadline('average')],
      on: {
        exchanged: [
          { guard: 'complete', target: 'idle.done', actions: ['keepHeld', 'nextUpdate', save, 'finish'] },
          { target: 'personalising', actions: ['keepHeld', 'nextUpdate', save] },
        ],
        failed: { target: 'leaving', actions: 'keepReason' },
        deadline: {
          target: 'personalising',
          actions: ['nextUpdate', save, warn('exchange.late', 'Goes on without an exchange')],
        },
      },
    },
    personalising: {
      entry: start(({ context }) => ({ kind: 'personalise', round: madeIn(context) })),
      on: {
        personalised: { target: 'evaluating' },
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    evaluating: {
      entry: start(({ context }) => ({ kind: 'evaluate', round: madeIn(context) })),
      on: {
        evaluated: [
          { guard: 'finished', target: 'leaving' },
          { guard: 'apart', target: 'joining.pulling' },
          { target: 'generating' },
        ],
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    idle: {
      initial: 'done',
      states: {
        done: {
          // Also ends the work under way.
          entry: [start(({ context }) => ({ kind: 'hold', round: madeIn(context) })), deadline('leave')],
          on: {
            exchanged: { actions: ['keepHeld', save] },
            dispersed: { target: 'concluding' },
            deadline: { target: 'concluding' },
          },
        },
        // All do this at about the same time, so that they end nearer to each other than they lived.
        concluding: {
          entry: start(({ context }) => ({ kind: 'conclude', round: madeIn(context) })),
          on: {
            exchanged: { target: '#peer.personalising', actions: ['keepHeld', save] },
            failed: { target: '#peer.leaving', actions: 'keepReason' },
          },
        },
      },
    },
    leaving: {
      type: 'final',
      entry: perform(({ context }) => ({ type: 'leave', reason: context.reason })),
    },
  },
})
