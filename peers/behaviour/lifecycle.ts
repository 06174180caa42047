/**
 * A peer's life as a statechart. It decides and does nothing: XState's pure `transition` gives the next state and
 * effects as data. Every state that waits for others has a deadline, so a dead peer costs no more than that.
 *
 * There is no barrier server. A trained peer says that it is ready; it mixes when every live peer is, or when the
 * deadline has passed. Whoever comes late pulls the result of the round under way and takes part in the next one.
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

const chart = setup({
  types: {} as { context: LifecycleContext; events: LifecycleEvent; input: LifecycleInput },
  actions: {
    /** Carried out by `peers/wiring`; here it is only named. */
    perform: (_, _effect: Effect) => {},
    /** The adapter that an exchange or a pull gave is the round's result. */
    keepResult: assign(({ event }) => {
      if (event.type === 'averaged') return { result: event.digest }
      if (event.type === 'pulled') return { result: event.checkpoint.digest, round: event.checkpoint.round }
      return {}
    }),
    nextRound: assign(({ context }) => ({
      round: context.round + 1,
      base: context.result ?? context.base,
      result: undefined,
    })),
    revisitLastRound: assign(({ context }) => ({ round: context.rounds, result: context.base })),
    keepReason: assign(({ event }) => ({ reason: 'reason' in event ? event.reason : 'done' })),
  },
  guards: {
    ahead: ({ context, event }) => (event.view.newest?.round ?? 0) >= context.round,
    strayed: ({ context, event }) => event.view.strayed && event.view.newest?.round === context.round,
    tooLate: ({ event }) => event.view.underWay,
    lastRound: ({ context }) => context.round >= context.rounds,
    allDone: ({ context }) => context.round > context.rounds,
  },
})

const save = perform(({ context: { round, result, base } }) => ({
  type: 'save',
  completed: round,
  digest: result ?? base,
}))
const publish = perform(({ context: { round, result, base } }) => ({ type: 'publish', round, digest: result ?? base }))
const settled = ['keepResult', save, publish] as const
/** From the result that was pulled, whatever this peer ended with. */
const catchUp = { target: 'caughtUp', actions: [...settled, 'nextRound'] } as const
const notAveraged = [warn('averaging.failed', 'The round ends with the adapter it began with'), save] as const

export const lifecycle = chart.createMachine({
  id: 'peer',
  initial: 'joining',
  context: ({ input: { completed, rounds, base, deadlines } }) => ({
    deadlines,
    rounds,
    round: completed + 1,
    base,
    reason: 'done',
  }),
  on: { leave: { target: '.leaving', actions: 'keepReason' } },
  states: {
    joining: {
      initial: 'gathering',
      states: {
        gathering: {
          entry: deadline('join'),
          on: {
            gathered: [{ guard: 'ahead', target: 'pulling' }, { target: 'deciding' }],
            deadline: [{ guard: 'ahead', target: 'pulling' }, { target: 'deciding' }],
          },
        },
        pulling: {
          entry: [pullNewest, deadline('pull')],
          on: {
            pulled: { target: 'deciding', actions: [...settled, 'nextRound'] },
            failed: { target: 'deciding', actions: notPulled },
            deadline: { target: 'deciding', actions: notPulled },
          },
        },
        deciding: {
          always: [
            { guard: 'allDone', target: '#peer.personalising', actions: 'revisitLastRound' },
            { guard: 'tooLate', target: '#peer.idle.waiting' },
            { target: '#peer.generating' },
          ],
        },
      },
    },
    generating: {
      entry: start(({ context }) => ({ kind: 'work', round: context.round })),
      on: {
        generated: { target: 'training' },
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    training: {
      on: {
        trained: { target: 'averaging' },
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    averaging: {
      initial: 'gathering',
      states: {
        gathering: {
          entry: deadline('ready'),
          on: {
            ready: { target: 'mixing' },
            deadline: { target: 'mixing' },
            overtaken: { target: 'pulling' },
          },
        },
        mixing: {
          entry: [start(({ context }) => ({ kind: 'average', round: context.round })), deadline('average')],
          on: {
            averaged: { target: '#peer.personalising', actions: settled },
            failed: [
              { guard: 'ahead', target: 'pulling' },
              { target: '#peer.personalising', actions: notAveraged },
            ],
            deadline: [
              { guard: 'ahead', target: 'pulling' },
              { target: '#peer.personalising', actions: notAveraged },
            ],
          },
        },
        pulling: {
          entry: [pullNewest, deadline('pull')],
          on: {
            pulled: { target: '#peer.personalising', actions: settled },
            failed: { target: '#peer.personalising', actions: notAveraged },
            deadline: { target: '#peer.personalising', actions: notAveraged },
          },
        },
      },
    },
    personalising: {
      entry: start(({ context }) => ({ kind: 'personalise', round: context.round })),
      on: {
        personalised: { target: 'evaluating' },
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    evaluating: {
      entry: start(({ context }) => ({ kind: 'evaluate', round: context.round })),
      on: {
        evaluated: [
          { guard: 'strayed', target: 'idle.reuniting' },
          { guard: 'lastRound', target: 'idle.done', actions: 'nextRound' },
          { target: 'generating', actions: 'nextRound' },
        ],
        failed: { target: 'leaving', actions: 'keepReason' },
      },
    },
    idle: {
      initial: 'waiting',
      states: {
        waiting: {
          entry: deadline('round'),
          on: {
            overtaken: { target: 'pulling' },
            deadline: { target: '#peer.generating' },
          },
        },
        pulling: {
          entry: [pullNewest, deadline('pull')],
          on: {
            pulled: catchUp,
            failed: { target: '#peer.generating', actions: notPulled },
            deadline: { target: '#peer.generating', actions: notPulled },
          },
        },
        // This peer's round ended otherwise than that of most: it goes on from theirs.
        reuniting: {
          entry: [pullNewest, deadline('pull')],
          on: {
            pulled: catchUp,
            failed: { target: 'apart', actions: [notPulled, 'nextRound'] },
            deadline: { target: 'apart', actions: [notPulled, 'nextRound'] },
          },
        },
        apart: {
          always: [{ guard: 'allDone', target: 'done' }, { target: '#peer.generating' }],
        },
        caughtUp: {
          always: [
            { guard: 'allDone', target: '#peer.personalising', actions: 'revisitLastRound' },
            { target: '#peer.generating' },
          ],
        },
        done: {
          entry: deadline('leave'),
          on: {
            dispersed: { target: '#peer.leaving' },
            deadline: { target: '#peer.leaving' },
            overtaken: { target: 'returning' },
          },
        },
        // It was ahead of most, and now they have ended otherwise.
        returning: {
          entry: [pullNewest, deadline('pull')],
          on: {
            pulled: catchUp,
            failed: { target: '#peer.leaving', actions: notPulled },
            deadline: { target: '#peer.leaving', actions: notPulled },
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
