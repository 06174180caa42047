/** Each peer in a process of its own: what runs on separate machines, on one. They share its engine. */
import { fork } from 'node:child_process'
import type { PeerEvent } from '../../peers/events.ts'
import { localError } from '../core/errors.ts'
import type { Launch } from './swarm.ts'

/** Characters of a peer's standard error that are kept, to say why it ended. */
const keptStderr = 2000
/** How long an interrupted peer may take to leave in order. */
const graceMs = 15_000

/** Tells a peer's process where the engine is served; no setting, as nobody but a swarm serves one. */
export const engineVariable = 'FEDPIT_ENGINE'

/** `entry`: the program's executable (`fedpit.js`), run as `fedpit peer --home HOME` with the engine at `engineAddress`. */
export function createProcessLaunch(entry: string, engineAddress: string): Launch {
  return (home, publish, signal) =>
    new Promise((resolve, reject) => {
      const child = fork(entry, ['peer', '--home', home], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        execArgv: [],
        env: { ...process.env, [engineVariable]: engineAddress },
      })
      let stderr = ''
      let reason: string | undefined
      let impatience: NodeJS.Timeout | undefined
      const stop = (): void => {
        // It may have the terminal's SIGINT already: where it has a parent, both are one request (src/cli/signals.ts).
        child.kill('SIGTERM')
        impatience = setTimeout(() => child.kill('SIGKILL'), graceMs)
      }
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-keptStderr)
      })
      child.on('message', (message) => {
        const event = message as PeerEvent
        if (event.type === 'stopped') reason = event.reason
        publish(event)
      })
      child.on('error', reject)
      child.on('close', (code, killedBy) => {
        clearTimeout(impatience)
        signal.removeEventListener('abort', stop)
        if (code === 0 && reason !== undefined) return resolve(reason)
        const how = killedBy === null ? `exit code ${code}` : killedBy
        reject(localError('swarm.peer-process', `Peer in ${home} ended with ${how}: ${stderr.trim().slice(-500)}`))
      })
    })
}
