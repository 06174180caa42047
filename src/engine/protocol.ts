/**
 * What passes between a process and its engine, by the channel of a child process (child.ts) or a local socket
 * (socket-channel.ts). One call has one id and ends with exactly one `done` or `failed`; `progress` may come before.
 * Messages are structured clones, so typed arrays pass as they are.
 */
import type { ErrorDetail } from '../core/errors.ts'
import type { Adapter, LoraConfig } from '../lora/adapter.ts'
import type {
  Completion,
  EngineEvent,
  GenerateRequest,
  ModelInfo,
  ModelReference,
  Prompt,
  Score,
  ScoreRequest,
  StepEvent,
  TokenEvent,
  TrainRequest,
  TrainResult,
} from './contract.ts'

interface Call<Request, Value, Progress = never> {
  readonly request: Request
  readonly value: Value
  readonly progress: Progress
}

/** Every call by its name in `Engine`. */
export interface Calls {
  readonly open: Call<ModelReference, ModelInfo>
  readonly generate: Call<GenerateRequest, Completion[], TokenEvent>
  readonly score: Call<ScoreRequest, Score[]>
  readonly train: Call<TrainRequest, TrainResult, StepEvent>
  readonly tokenize: Call<readonly Prompt[], number[][]>
  readonly createAdapter: Call<{ readonly config: LoraConfig; readonly seed: string }, Adapter>
  readonly close: Call<null, null>
}
export type CallName = keyof Calls

export type CallMessage = {
  [Name in CallName]: {
    readonly type: 'call'
    readonly id: number
    readonly name: Name
    readonly request: Calls[Name]['request']
  }
}[CallName]

export type ToEngine = CallMessage | { readonly type: 'abort'; readonly id: number }

export type FromEngine =
  | { readonly type: 'done'; readonly id: number; readonly value: Calls[CallName]['value'] }
  | { readonly type: 'progress'; readonly id: number; readonly event: Calls[CallName]['progress'] }
  | { readonly type: 'failed'; readonly id: number; readonly error: RemoteFailure }
  /** Belongs to no call. */
  | { readonly type: 'event'; readonly event: EngineEvent }

/** Why a call failed: it was aborted, or an error in the form of `FedpitError.toObject`. */
export type RemoteFailure =
  | { readonly aborted: true }
  | { readonly aborted: false; readonly message: string; readonly detail: ErrorDetail }

/** One end of an ordered, lossless message channel. */
export interface Channel<Outgoing, Incoming> {
  send(message: Outgoing): void
  /** Messages and the end of the channel go to the one receiver; returns what stops it. */
  receive(receiver: { message(message: Incoming): void; closed(reason: string): void }): () => void
}
