/**
 * One step on ONNX Runtime: a batch and a parameter vector (an adapter, or all weights) go in, the loss and its gradient
 * come out. It holds sessions, one for each bucket of sizes, and knows no optimiser: what to do with the gradient is
 * trainer.ts's business.
 */
import { inputError } from '../core/errors.ts'
import { createRandom, type Random } from '../core/random.ts'
import type { ModelFiles } from '../model/checkpoint.ts'
import type { Graph } from '../onnx/graph.ts'
import { lower, type Target } from '../onnx/lowering.ts'
import type { LoweringTable } from '../onnx/lowering-table.ts'
import { serialize } from '../onnx/model-proto.ts'
import { createSession, type Feed, type Provider, type Session } from '../onnx/session.ts'
import { elements, type Tensor } from '../onnx/tensor.ts'
import type { Batch } from './batch.ts'
import { scoreGraph, trainGraph } from './graph.ts'
import { type AdapterOptions, parameterCount, type Tuned } from './graph-parameters.ts'
import { type Pool, sessionPool } from './session-pool.ts'

export interface TrainStepOptions extends AdapterOptions {
  readonly device: Provider
  readonly threads: number
  /** Sessions kept for later batches of the same sizes; each holds on to the memory of its largest step. */
  readonly sessions?: number
  /** Ops to compute with; the device's own unless given. Others may be wrong on it, which tests want to see. */
  readonly lowering?: Target | LoweringTable
  /** See SessionOptions. */
  readonly strict?: boolean
}

export interface TrainStep {
  /**
   * Loss Σ weight·(-log p) and its gradient, in the order of the vector's layout, without the factors that are frozen.
   * `seed` makes the dropout masks: another for each step.
   */
  step(batch: Batch, parameters: Float32Array, seed?: string): Promise<{ loss: number; gradient: Float32Array }>
  /** -log p of each labelled row, in nats, without dropout; of the model on disk where no parameters are given. */
  score(batch: Batch, parameters?: Float32Array): Promise<Float32Array>
  release(): Promise<void>
}

interface Runner {
  readonly session: Session
  readonly inputs: readonly Tensor[]
}

export function createTrainStep(checkpoint: ModelFiles, tuned: Tuned, options: TrainStepOptions): TrainStep {
  const {
    trainable = 'AB',
    dropout = 0,
    device,
    threads,
    sessions = 4,
    lowering = loweringFor(device),
    strict = false,
  } = options
  if (!(dropout >= 0 && dropout < 1))
    throw inputError('train.dropout', `Cannot train: expected a dropout rate from 0 to below 1, got ${dropout}`)
  if (tuned === 'full' && dropout !== 0)
    throw inputError('train.dropout', `Cannot train all weights: expected a dropout rate of 0, got ${dropout}`)
  const total = parameterCount(tuned, checkpoint.config)
  const load = async (graph: Graph): Promise<Runner> => {
    const model = serialize(lower(graph, lowering))
    const session = await createSession(model, { folder: checkpoint.folder, device, threads, purpose: 'train', strict })
    return { session, inputs: graph.inputs }
  }
  const pool: Pool<Runner> = sessionPool(sessions, ({ session }) => session.release())

  return {
    async step(batch, parameters, seed) {
      const { session, inputs } = await pool.get(`train ${sizesOf(batch)}`, () =>
        load(trainGraph(checkpoint, tuned, batch, { trainable, dropout })),
      )
      const masks = dropoutMasks(inputs, dropout, seed)
      const weights = { type: 'float32', shape: [batch.rows], data: batch.weights } as const
      const feeds = { ...rowFeeds(batch), ...parameterFeed(parameters, total), weights, ...masks }
      const { loss, gradient } = await session.run(feeds, ['loss', 'gradient'])
      return { loss: Number(loss?.[0]), gradient: gradient as Float32Array }
    },
    async score(batch, parameters) {
      const given = parameters === undefined ? undefined : tuned
      const { session } = await pool.get(`score ${given === undefined ? 'base' : 'tuned'} ${sizesOf(batch)}`, () =>
        load(scoreGraph(checkpoint, given, batch)),
      )
      const feeds = { ...rowFeeds(batch), ...(parameters === undefined ? {} : parameterFeed(parameters, total)) }
      const { losses } = await session.run(feeds, ['losses'])
      return losses as Float32Array
    },
    release: () => pool.clear(),
  }
}

export function loweringFor(device: Provider): Target {
  return device === 'coreml' || device === 'dml' ? 'portable' : device
}

function sizesOf({ batch, length, rows }: Batch): string {
  return `${batch}x${length}x${rows}`
}

function rowFeeds({ batch, length, rows, tokens, labels, positions }: Batch): Record<string, Feed> {
  return {
    tokens: { type: 'int32', shape: [batch * length], data: tokens },
    labels: { type: 'int32', shape: [rows], data: labels },
    positions: { type: 'int32', shape: [rows], data: positions },
  }
}

function parameterFeed(parameters: Float32Array, total: number): Record<string, Feed> {
  if (parameters.length !== total)
    throw inputError('train.parameters', `Cannot run model: expected ${total} parameters, got ${parameters.length}`)
  return { parameters: { type: 'float32', shape: [total], data: parameters } }
}

/** One bool mask for each dropout input, from a stream of its own. */
function dropoutMasks(inputs: readonly Tensor[], rate: number, seed: string | undefined): Record<string, Feed> {
  const masked = inputs.filter(({ name }) => name.startsWith('dropout.'))
  if (masked.length === 0) return {}
  if (seed === undefined)
    throw inputError('train.dropout-seed', 'Cannot drop out: expected a seed for the masks, got none')
  const random = createRandom(seed)
  return Object.fromEntries(
    masked.map(({ name, shape }) => [name, { type: 'bool', shape, data: mask(random.derive(name), shape, rate) }]),
  )
}

/** Two numbers from each draw, 16 bits each: there are tens of millions to decide in a step. */
function mask(random: Random, shape: readonly number[], rate: number): Uint8Array {
  const kept = new Uint8Array(elements(shape))
  const limit = Math.round(rate * 65536)
  for (let i = 0; i < kept.length; i += 2) {
    const bits = random.next() * 4294967296
    kept[i] = (bits & 65535) < limit ? 0 : 1
    if (i + 1 < kept.length) kept[i + 1] = bits / 65536 < limit ? 0 : 1
  }
  return kept
}
