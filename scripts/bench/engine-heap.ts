/** The heap of an engine for a benchmark that computes in its own process. */
import { spawnSync } from 'node:child_process'
import { heapEnvironment } from '../../src/onnx/heap.ts'

/** glibc reads the settings when a process starts: runs this program once more with them, and ends with it. */
export function continueWithEngineHeap(): void {
  const mark = 'FEDPIT_ENGINE_HEAP'
  if (process.env[mark] !== undefined) return
  const env = { ...heapEnvironment(process.env), [mark]: '1' }
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' })
  process.exit(status ?? 1)
}
