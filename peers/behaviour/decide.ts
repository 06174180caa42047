/** A step of the lifecycle: the next snapshot, and what it wants done. */
import { type AnyActorScope, createEmptyActor, initialTransition, type SnapshotFrom } from 'xstate'
import { asynchronousLifecycle } from './asynchronous-lifecycle.ts'
import type { Effect } from './effects.ts'
import { lifecycle } from './lifecycle.ts'
import type { LifecycleEvent, LifecycleInput } from './lifecycle-parts.ts'

export type LifecycleSnapshot = SnapshotFrom<typeof lifecycle>
export type Decision = readonly [snapshot: LifecycleSnapshot, effects: readonly Effect[]]

interface Action {
  readonly type: string
  readonly params?: unknown
}

export function begin(input: LifecycleInput): Decision {
  const [snapshot, actions] = initialTransition(chartOf(input), input)
  return [snapshot, effectsIn(actions)]
}

/** As XState's `transition`, which makes an actor with a first snapshot for each step: that took nine tenths of its time. */
export function decide(before: LifecycleSnapshot, event: LifecycleEvent): Decision {
  const actions: Action[] = []
  const actionExecutor = (action: Action): unknown => actions.push(action)
  const snapshot = before.machine.transition(before, event, { ...inert, actionExecutor } as AnyActorScope)
  return [snapshot, effectsIn(actions)]
}

/**
 * XState gives every chart a type of its own, so two of them have none in common. The cast says what holds of them: one
 * context, one set of events and effects; of the states that are asked for by name, each has those it can be in.
 */
function chartOf({ asynchronous }: LifecycleInput): typeof lifecycle {
  return asynchronous === undefined ? lifecycle : (asynchronousLifecycle as unknown as typeof lifecycle)
}

const nobody = createEmptyActor()
const nothing = (): void => {}
/** The chart has no children and sends nothing, so no actor is behind it. */
const inert: Omit<AnyActorScope, 'actionExecutor'> = {
  self: nobody,
  system: nobody.system,
  id: '',
  sessionId: '',
  logger: nothing,
  defer: nothing,
  emit: nothing,
  stopChild: nothing,
}

function effectsIn(actions: readonly Action[]): Effect[] {
  return actions.filter(({ type }) => type === 'perform').map(({ params }) => params as Effect)
}
