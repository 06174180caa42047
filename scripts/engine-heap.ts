/** The heap of an engine for a script that computes in its own process. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { heapEnvironment } from '../src/onnx/heap.ts'

/**
 * glibc reads the settings when a process starts: runs this program once more with them, and ends with it. What the
 * system sends to this process is passed on, for that one to decide when it ends.
 */
export async function continueWithEngineHeap(): Promise<void> {
  const mark = 'FEDPIT_ENGINE_HEAP'
  if (process.env[mark] !== undefined) return
  const env = { ...heapEnvironment(process.env), [mark]: '1' }
  const child = spawn(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [status] = await once(child, 'close')
  process.exit(status ?? 1)
}
