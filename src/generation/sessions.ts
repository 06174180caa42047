/**
 * The loaded graphs. Packed weights are the size of the model, so at most one decode session is held; a request that
 * needs another form (with an adapter, with a shared prefix) replaces it. Of prefill, which costs little, both forms of
 * one adapter are held.
 */
import type { LoraConfig } from '../lora/adapter.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import type { Graph } from '../onnx/graph.ts'
import { lower } from '../onnx/lowering.ts'
import { serialize } from '../onnx/model-proto.ts'
import { createSession, type Provider, type Session } from '../onnx/session.ts'
import { sessionPool } from '../training/session-pool.ts'
import { loweringFor } from '../training/train-step.ts'
import { type DecodeGraphOptions, decodeGraph } from './decode-graph.ts'
import { standIn } from './graph-sizes.ts'
import { prefillGraph } from './prefill-graph.ts'

export interface SessionsOptions {
  readonly device: Provider
  readonly threads: number
  readonly linears?: DecodeGraphOptions['linears']
}

export interface Sessions {
  /** Weights stay mapped from disk: its products have many rows. `prefix`: there are earlier positions. */
  prefill(lora: LoraConfig | undefined, prefix: boolean): Promise<Session>
  /** Weights are packed: its products have few rows. */
  decode(lora: LoraConfig | undefined, prefix: boolean): Promise<Session>
  close(): Promise<void>
}

export function createSessions(checkpoint: Checkpoint, { device, threads, linears }: SessionsOptions): Sessions {
  const { config, folder } = checkpoint
  const varying = { ...standIn, grouped: (config.heads / config.kvHeads) * standIn.length }
  const open = (graph: Graph, purpose: 'train' | 'decode') =>
    createSession(serialize(lower(graph, loweringFor(device)), varying), { folder, device, threads, purpose })
  const prefill = sessionPool<Session>(2, (session) => session.release())
  const decode = sessionPool<Session>(1, (session) => session.release())
  return {
    prefill: (lora, prefix) =>
      prefill.get(JSON.stringify([lora ?? null, prefix]), () =>
        open(prefillGraph(checkpoint, { prefix, ...(lora && { lora }) }), 'train'),
      ),
    decode: (lora, prefix) =>
      decode.get(JSON.stringify([lora ?? null, prefix]), () =>
        open(decodeGraph(checkpoint, { prefix, ...(lora && { lora }), ...(linears && { linears }) }), 'decode'),
      ),
    close: async () => {
      await prefill.clear()
      await decode.clear()
    },
  }
}
