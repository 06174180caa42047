/** An engine as a child process: both ends of its channel, and how it is started and ended. */
import { type ChildProcess, fork } from 'node:child_process'
import { heapEnvironment } from '../onnx/heap.ts'
import { connectEngine } from './client.ts'
import type { Channel, FromEngine, ToEngine } from './protocol.ts'
import type { RunningEngine } from './supervisor.ts'

export interface EngineChild extends RunningEngine {
  readonly pid: number | undefined
}

/** Characters of the child's standard error that are kept, to say why it died. */
const keptStderr = 2000

/** Starts `entry` (absolute path of a module) with the Node that runs now. */
export function startEngineChild(entry: string, args: readonly string[] = []): EngineChild {
  const child = fork(entry, [...args], {
    serialization: 'advanced',
    env: heapEnvironment(process.env),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderr)
  })
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => resolve(stderr.trim() === '' ? how : `${how}: ${stderr.trim()}`)
    child.once('error', (error) => end(error.message))
    child.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : signal))
  })
  return {
    engine: connectEngine(parentChannel(child, ended)),
    pid: child.pid,
    ended,
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}

function parentChannel(child: ChildProcess, ended: Promise<string>): Channel<ToEngine, FromEngine> {
  return {
    // A message that cannot be sent was for a process that has ended; `closed` reports that.
    send: (message) => {
      if (child.connected) child.send(message, () => {})
    },
    receive: ({ message, closed }) => {
      const listener = (received: unknown): void => message(received as FromEngine)
      child.on('message', listener)
      void ended.then(closed)
      return () => child.off('message', listener)
    },
  }
}

/** The child's own end. */
function childChannel(): Channel<FromEngine, ToEngine> {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, () => {})
    },
    receive: ({ message, closed }) => {
      const onMessage = (received: unknown): void => message(received as ToEngine)
      const onDisconnect = (): void => closed('the parent is gone')
      process.on('message', onMessage).on('disconnect', onDisconnect)
      return () => process.off('message', onMessage).off('disconnect', onDisconnect)
    },
  }
}

/** Serves `host` until the parent is gone, then ends this process. A terminal's Ctrl-C is the parent's to handle. */
export function runAsChild(host: (channel: Channel<FromEngine, ToEngine>) => void): void {
  process.on('SIGINT', () => {})
  process.once('disconnect', () => process.exit(0))
  host(childChannel())
}
