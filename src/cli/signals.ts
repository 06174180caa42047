/** SIGINT and SIGTERM: the first asks the command to stop, a second one ends the process at once. */
import type { EventEmitter } from 'node:events'
import { Interruption } from './output/failure.ts'

/** One Ctrl-C may come twice: from the terminal, and from npm or another process that passes on what it got. */
const echoMs = 500

export interface SignalParts {
  readonly process: EventEmitter & { readonly connected?: boolean; exit(code: number): void }
  readonly now: () => number
  readonly stop: (reason: Interruption) => void
}

/** Returns what ends the listening. */
export function onSignals({ process, now, stop }: SignalParts): () => void {
  let askedAt: number | undefined
  const handler = (kind: 'interrupted' | 'terminated', exitCode: number) => () => {
    if (askedAt === undefined) {
      askedAt = now()
      stop(new Interruption(kind))
      return
    }
    // A parent that follows this process (fedpit swarm --processes) passes a Ctrl-C on when it comes to it, and kills
    // whoever does not end.
    if (process.connected !== true && now() - askedAt > echoMs) process.exit(exitCode)
  }
  const interrupt = handler('interrupted', 130)
  const terminate = handler('terminated', 143)
  process.on('SIGINT', interrupt).on('SIGTERM', terminate)
  return () => process.off('SIGINT', interrupt).off('SIGTERM', terminate)
}
