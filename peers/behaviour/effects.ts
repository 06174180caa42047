/** What the behaviour wants done. Effects are data: a run is a list of inputs and effects that can be replayed. */
import type { Checkpoint } from './held-adapters.ts'

/** Work that takes time and ends in an outcome. A peer has one task at a time; a new one replaces it. */
export type Task =
  /** Self-generation, then the global adapter (`src/fedpit`); says `generated` on its way. */
  | { readonly kind: 'work'; readonly round: number }
  /** With whoever is ready: the driver knows the roster by itself (`peers/wiring/averaging.ts`). */
  | { readonly kind: 'average'; readonly round: number }
  /** Without rounds: what was learnt is added to what the peer holds, and one partner that is ready mixes with it. */
  | { readonly kind: 'exchange'; readonly round: number }
  /** Without rounds, at the end: some exchanges more, and then as `hold`. */
  | { readonly kind: 'conclude'; readonly round: number }
  /** Without rounds: what the peer holds by now becomes its global adapter. */
  | { readonly kind: 'hold'; readonly round: number }
  /** The checkpoint becomes this peer's global adapter. */
  | { readonly kind: 'pull'; readonly checkpoint: Checkpoint }
  /** The local adapter, from the global one that the round ended with. */
  | { readonly kind: 'personalise'; readonly round: number }
  | { readonly kind: 'evaluate'; readonly round: number }

export type Effect =
  | { readonly type: 'start'; readonly task: Task }
  /** Sends back a `deadline` after this time, unless the state was left by then. */
  | { readonly type: 'deadline'; readonly ms: number }
  /** Makes durable that `completed` rounds are done and that the last one ended with this adapter. */
  | { readonly type: 'save'; readonly completed: number; readonly digest: string }
  /** Tells everyone that this adapter is the result of this round. */
  | { readonly type: 'publish'; readonly round: number; readonly digest: string }
  | { readonly type: 'warn'; readonly code: string; readonly message: string }
  | { readonly type: 'leave'; readonly reason: string }

/** How a task ended, or how far it has come. */
export type Outcome =
  | { readonly type: 'generated' }
  /**
   * `contributes`: its global adapter is an update worth mixing; false where no synthetic example was left. `edition`: of
   * the topology's file, as this round began.
   */
  | { readonly type: 'trained'; readonly contributes: boolean; readonly edition?: string | undefined }
  | { readonly type: 'averaged'; readonly digest: string }
  /** `version`: by how many updates a peer the adapter has come so far. */
  | { readonly type: 'exchanged'; readonly digest: string; readonly version: number }
  | { readonly type: 'pulled'; readonly checkpoint: Checkpoint }
  | { readonly type: 'personalised' }
  | { readonly type: 'evaluated' }
  | { readonly type: 'failed'; readonly reason: string }
