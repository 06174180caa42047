/** Events as JSON lines in a file, for the report, the replay and whoever asks later. */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { PeerEvent } from '../events.ts'

export interface EventLog {
  write(event: PeerEvent): void
  /** All lines are in the file when it resolves. */
  close(): Promise<void>
}

export function openEventLog(file: string): EventLog {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  return {
    write: (event) => void stream.write(`${JSON.stringify(event)}\n`),
    close: async () => {
      stream.end()
      await finished(stream)
    },
  }
}
