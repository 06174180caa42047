import type { Sampling, TokenEvent } from '../generation/request.ts'
import type { Adapter, LoraConfig } from '../lora/adapter.ts'
import type { Parts } from '../lora/factoring.ts'
import type { ModelConfig } from '../model/config.ts'
import type { ChatMessage } from '../tokenizer/chat-template.ts'

export type { ChatMessage, Sampling, TokenEvent }

import type { TrainState } from '../training/trainer.ts'

/**
 * What an engine can be asked. Text goes in and text comes out: tokens, graphs and sessions stay inside. Requests
 * carry their adapter by value, so an engine that died is replaced without losing anything.
 *
 * Every call takes an `AbortSignal`; it is honoured between two steps (one training step, one decoded token).
 */
export interface Engine {
  /** Once, before everything else. */
  open(model: ModelReference, signal?: AbortSignal): Promise<ModelInfo>
  generate(request: GenerateRequest, signal?: AbortSignal, onToken?: (event: TokenEvent) => void): Promise<Completion[]>
  score(request: ScoreRequest, signal?: AbortSignal): Promise<Score[]>
  train(request: TrainRequest, signal?: AbortSignal, onStep?: (event: StepEvent) => void): Promise<TrainResult>
  tokenize(texts: readonly Prompt[], signal?: AbortSignal): Promise<number[][]>
  /** A fresh adapter: A from the seed, B zero, as PEFT starts. */
  createAdapter(config: LoraConfig, seed: string, signal?: AbortSignal): Promise<Adapter>
  close(): Promise<void>
}

export interface ModelReference {
  /** What people call it; the last part of its path unless given. */
  readonly name?: string
  /** A Hugging Face directory or a GGUF file. */
  readonly path: string
  readonly device: Device
  /** Weights for decoding: int8 is faster, f32 exact. Training is always f32. */
  readonly decode: 'f32' | 'int8'
  readonly threads: number
}

export type Device = 'auto' | 'cpu' | 'cuda' | 'webgpu' | 'coreml' | 'dml'

export interface ModelInfo {
  readonly name: string
  /** sha256 (hex) of configuration and weights; peers compare it. */
  readonly fingerprint: string
  /** What an adapter's layout follows from. */
  readonly config: ModelConfig
  /** The provider that was taken, and why the ones before it were not. */
  readonly device: Exclude<Device, 'auto'>
  readonly refused: readonly { readonly device: Device; readonly reason: string }[]
  readonly maxPositions: number
  readonly hasChatTemplate: boolean
}

/**
 * Plain text is continued as it is; messages go through the model's chat template with a generation prompt. Token ids
 * are what `tokenize` gave, for callers that cut.
 */
export type Prompt = string | readonly ChatMessage[] | readonly number[]

export interface GenerateRequest {
  /** Decoded together as batches. A token prefix that prompts have in common is computed once. */
  readonly prompts: readonly Prompt[]
  readonly adapter?: Adapter
  readonly sampling: Sampling
}

export interface Completion {
  readonly text: string
  readonly tokens: number
  readonly finish: 'stop' | 'end' | 'length'
}

/** A text of two parts; loss is taken on `response` (and the end-of-turn token after it) alone. */
export interface Sample {
  readonly prompt: Prompt
  readonly response: string
}

export interface ScoreRequest {
  readonly samples: readonly Sample[]
  readonly adapter?: Adapter
  /** As in training; what is longer than the model's context is cut to it in any case. */
  readonly maxTokens?: number
}

export interface Score {
  /** Sum over the response tokens of -log p, in nats. */
  readonly loss: number
  readonly tokens: number
}

export interface TrainOptions {
  readonly epochs: number
  /** Sequences a step. */
  readonly batchSize: number
  /** Steps whose gradients are added up before one update. */
  readonly accumulate: number
  /** Longer samples are cut at the front of the prompt, so that the response stays; the count is reported. */
  readonly maxTokens: number
  readonly learningRate: number
  readonly warmupSteps: number
  readonly schedule: 'constant' | 'cosine'
  readonly weightDecay: number
  /** Global gradient norm. */
  readonly clipNorm: number
  /** On the input of the adapter path. */
  readonly dropout: number
  /** Factors; the others are frozen. */
  readonly trainable: Parts
  /** Order of the samples and the dropout masks. */
  readonly seed: string
}

/** What befalls the process that an engine's work is done in; the calls themselves go on. */
export type EngineEvent =
  | { readonly type: 'engine.restarted'; readonly reason: string; readonly attempt: number }
  | { readonly type: 'engine.retrying'; readonly call: string; readonly reason: string }

export interface TrainRequest {
  readonly samples: readonly Sample[]
  readonly init: Adapter
  readonly options: TrainOptions
  /** Updates between two checkpoints in the step events; absent, none are made. */
  readonly checkpointEvery?: number
  /** Continues this run's checkpoint, bit for bit; everything else must be as it was. */
  readonly resume?: TrainState
  /** Ends the request after the update that passes this time, so that others get their turn; see `paused`. */
  readonly pauseAfterMs?: number
}

export interface StepEvent {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly gradientNorm: number
  readonly tokens: number
  readonly checkpoint?: TrainState
}

export interface TrainResult {
  readonly adapter: Adapter
  /** Mean loss of each step. */
  readonly losses: readonly number[]
  /** Tokens that carried a label, tokens fed, and positions computed with padding. */
  readonly tokens: { readonly labelled: number; readonly fed: number; readonly computed: number }
  readonly truncated: number
  /** Updates are left, from here on; absent where training is done. */
  readonly paused?: TrainState
}
