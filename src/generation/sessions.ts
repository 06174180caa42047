/**
 * The loaded graphs. Packed weights are the size of the model, so at most one decode session and one prefill session
 * are held; a request that needs another form (with an adapter, with a shared prefix) replaces it.
 */
import type { LoraConfig } from '../lora/adapter.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import type { Graph } from '../onnx/graph.ts'
import { lower } from '../onnx/lowering.ts'
import { serialize } from '../onnx/model-proto.ts'
import { createSession, type Provider, type Session } from '../onnx/session.ts'
import { type DecodeGraphOptions, decodeGraph } from './decode-graph.ts'
import { standIn } from './graph-sizes.ts'
import { prefillGraph } from './prefill-graph.ts'

export interface SessionsOptions {
  readonly device: Provider
  readonly threads: number
  readonly linears?: DecodeGraphOptions['linears']
}

export interface Sessions {
  /** Weights stay mapped from disk: its products have many rows. */
  prefill(lora: LoraConfig | undefined): Promise<Session>
  /** Weights are packed: its products have few rows. */
  decode(lora: LoraConfig | undefined, prefix: boolean): Promise<Session>
  close(): Promise<void>
}

export function createSessions(checkpoint: Checkpoint, { device, threads, linears }: SessionsOptions): Sessions {
  const { config, folder } = checkpoint
  const varying = { ...standIn, grouped: (config.heads / config.kvHeads) * standIn.length }
  const open = (graph: Graph, purpose: 'train' | 'decode') =>
    createSession(serialize(lower(graph, 'cpu'), varying), { folder, device, threads, purpose })
  const prefill = keepOne()
  const decode = keepOne()
  return {
    prefill: (lora) => prefill.get(JSON.stringify(lora ?? null), () => open(prefillGraph(checkpoint, lora), 'train')),
    decode: (lora, prefix) =>
      decode.get(JSON.stringify([lora ?? null, prefix]), () =>
        open(decodeGraph(checkpoint, { prefix, ...(lora && { lora }), ...(linears && { linears }) }), 'decode'),
      ),
    close: async () => {
      await prefill.close()
      await decode.close()
    },
  }
}

function keepOne() {
  let held: { readonly key: string; readonly session: Session } | undefined
  const close = async () => {
    const { session } = held ?? {}
    held = undefined
    await session?.release()
  }
  return {
    close,
    async get(key: string, open: () => Promise<Session>): Promise<Session> {
      if (held?.key === key) return held.session
      await close()
      const session = await open()
      held = { key, session }
      return session
    },
  }
}
