/** Whether an execution provider works on this machine: a session of one node is made and run on it. */
import { FedpitError } from '../../core/errors.ts'
import { Graph } from '../../onnx/graph.ts'
import { serialize } from '../../onnx/model-proto.ts'
import { operators } from '../../onnx/operators.ts'
import { createSession, type Provider } from '../../onnx/session.ts'
import { runtimeBackends } from '../../onnx/session-runtime.ts'

/** In the order of preference; the processor always works. */
export const providers = ['cuda', 'webgpu', 'coreml', 'dml', 'cpu'] as const satisfies readonly Provider[]

/** Undefined where it works, else why not. */
export async function probeProvider(device: Provider): Promise<string | undefined> {
  // onnxruntime-node drops a provider that it was built without, and would compute on the processor silently.
  const built = runtimeBackends().map(({ name }) => name)
  if (!built.includes(device)) {
    return `not in ONNX Runtime for ${process.platform}-${process.arch}, which has ${built.join(', ')}`
  }
  const graph = new Graph()
  const op = operators(graph)
  const x = graph.input('x', 'float32', [2])
  graph.output('y', op.add(x, x))
  try {
    const session = await createSession(serialize(graph), { folder: '.', device, threads: 1, purpose: 'train' })
    try {
      const { y } = await session.run({ x: { type: 'float32', shape: [2], data: Float32Array.of(1, 2) } }, ['y'])
      return y?.[1] === 4 ? undefined : `2 + 2 gave ${y?.[1]}`
    } finally {
      await session.release()
    }
  } catch (error) {
    if (!(error instanceof FedpitError)) throw error
    const text = error.cause instanceof Error ? error.cause.message : error.message
    // The condition of ONNX Runtime's source that failed stands before the words.
    return text.replace(/^.* was false\. /s, '').trim()
  }
}
