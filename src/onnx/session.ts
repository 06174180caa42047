/**
 * A loaded model: the only door to ONNX Runtime. `create` and `run` block the thread that calls them and cannot be
 * cancelled (onnxruntime-node 1.30), which is why an engine is a process of its own.
 */
import * as ort from 'onnxruntime-node'
import { localError } from '../core/errors.ts'
import type { Tensor } from './tensor.ts'

export type Provider = 'cpu' | 'cuda' | 'webgpu' | 'coreml' | 'dml'

export interface SessionOptions {
  /** Absolute path of the folder that external data is relative to. */
  readonly folder: string
  readonly device: Provider
  /** Physical cores are best. */
  readonly threads: number
  /**
   * `train` keeps weights mapped from disk as they are, which halves the peak memory at no cost for products of 100 rows
   * and more, and takes memory for activations from the process's heap (heap.ts). `decode` packs weights for products of
   * a few rows, and MatMulNBits needs it.
   */
  readonly purpose: 'train' | 'decode'
  /** Graph rewriting by ONNX Runtime. float64 needs `basic`: beyond it come fusions that exist in float32 alone. */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'all'
  /** An op that the device lacks is an error, not a trip to the processor and back. For tests of lowerings. */
  readonly strict?: boolean
}

export type Data = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array
/** Numbers for an input. They are read in place: do not change them while a run is under way. */
export interface Feed {
  readonly type: Exclude<Tensor['type'], 'float16' | 'bfloat16'>
  readonly shape: readonly number[]
  readonly data: Data
}

export interface Session {
  /** Computes the outputs that are named; each is copied, so ask for what you need alone. */
  run(feeds: Readonly<Record<string, Feed>>, outputs: readonly string[]): Promise<Record<string, Data>>
  release(): Promise<void>
}

/** Loads a model that model-proto.ts wrote. Fails with `onnx.session` where the provider or a weight file is missing. */
export async function createSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
  let session: ort.InferenceSession
  try {
    session = await ort.InferenceSession.create(model, nativeOptions(options))
  } catch (cause) {
    throw localError(
      'onnx.session',
      `Cannot load model on ${options.device}: expected a session, got "${textOf(cause)}"`,
      { device: options.device },
      cause,
    )
  }
  return {
    async run(feeds, outputs) {
      const tensors: Record<string, ort.Tensor> = {}
      for (const [name, { type, shape, data }] of Object.entries(feeds)) {
        tensors[name] = new ort.Tensor(type, data, shape)
      }
      let made: ort.InferenceSession.OnnxValueMapType
      try {
        made = await session.run(tensors, [...outputs])
      } catch (cause) {
        throw localError('onnx.run', `Cannot run model: expected ${outputs}, got "${textOf(cause)}"`, {}, cause)
      }
      return Object.fromEntries(outputs.map((name) => [name, made[name]?.data as Data]))
    },
    release: () => session.release(),
  }
}

function nativeOptions({ folder, device, threads, purpose, optimization, strict = false }: SessionOptions) {
  const session = {
    model_external_initializers_file_folder_path: folder,
    disable_cpu_ep_fallback: strict && device !== 'cpu' ? '1' : '0',
  }
  const shared: ort.InferenceSession.SessionOptions = {
    executionProviders: strict || device === 'cpu' ? [device] : [device, 'cpu'],
    intraOpNumThreads: threads,
    graphOptimizationLevel: optimization ?? 'all',
    logSeverityLevel: 3,
    extra: { session },
  }
  if (purpose === 'decode') return shared
  return {
    ...shared,
    enableMemPattern: false,
    enableCpuMemArena: false,
    extra: {
      session: { ...session, disable_prepacking: '1' },
      optimization: { disable_specified_optimizers: 'CommonSubexpressionElimination;ConstantFolding' },
    },
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
