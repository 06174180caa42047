/** What may befall the peers of a simulation, as people write it: a model of churn, a trace, a script. Times: seconds. */
import { z } from 'zod'
import { nameSchema } from '../plan-schema.ts'

const at = z.number().min(0).max(100_000_000)
const length = z.number().positive().max(100_000_000)
/** What is shorter than a millisecond is nothing that a clock would show. */
const turn = z.number().min(0.001).max(100_000_000)
const peers = z.array(nameSchema).min(1).max(10_000)

/** Until `until` every peer goes down and comes up by itself; then all come up, and stay. */
const until = length
export const churnSchema = z.discriminatedUnion('model', [
  /** `upSeconds` and `downSeconds` are means. */
  z.strictObject({ model: z.literal('exponential'), upSeconds: turn, downSeconds: turn, until }),
  /**
   * Shape below 1: many short times and some very long ones, as measured in open peer-to-peer networks. `upSeconds` and
   * `downSeconds` are scales, not means: with shape 0.6 the mean is 1.5 times as long.
   */
  z.strictObject({
    model: z.literal('weibull'),
    upSeconds: turn,
    downSeconds: turn,
    shape: z.number().min(0.1).max(10),
    until,
  }),
  /** Up for `up` of every period, beginning somewhere else for every peer. */
  z.strictObject({ model: z.literal('diurnal'), periodSeconds: turn, up: z.number().min(0).max(1), until }),
  /** Lines `seconds,peer,up` and `seconds,peer,down`. */
  z.strictObject({ model: z.literal('trace'), file: z.string().min(1).max(1000) }),
])

const step = <F extends string, S extends z.core.$ZodLooseShape>(fault: F, shape: S) =>
  z.strictObject({ at, fault: z.literal(fault), ...shape })

/** `for`: seconds until it is over; left out: until the end, or a step that undoes it. */
export const scriptSchema = z
  .array(
    z.discriminatedUnion('fault', [
      /** As kill -9; it comes back with what is on its disk. */
      step('kill', { peers, for: length.optional() }),
      /** As SIGSTOP. */
      step('pause', { peers, for: length }),
      /** The clock is later at once, as after a machine's sleep. */
      step('clock-jump', { peers, seconds: length }),
      /** Nothing passes between the groups; peers in none of them are one more. */
      step('partition', { groups: z.array(peers).min(1).max(1000), for: length.optional() }),
      step('heal', {}),
      /** A peer whose first step this is begins then; one that was killed comes back. */
      step('join', { peers }),
      /** In order, as on SIGTERM. */
      step('leave', { peers }),
      /** Somebody puts this file in the place of the topology's: everywhere, or on these machines. */
      step('edit-topology', { file: z.string().min(1).max(1000), peers: peers.optional() }),
      step('disk-full', { peers, for: length }),
      /** Its work takes so many times longer. */
      step('slow', { peers, times: z.number().min(1).max(1000), for: length.optional() }),
    ]),
  )
  .max(10_000)

export type Churn = z.infer<typeof churnSchema>
export type Script = z.infer<typeof scriptSchema>
