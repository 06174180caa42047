/** Events as JSON lines in a file, for the report, the replay and whoever asks later. */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { localError } from '../../src/core/errors.ts'
import type { PeerEvent } from '../events.ts'

export interface EventLog {
  write(event: PeerEvent): void
  /** All lines are in the file when it resolves; throws a local error where some could not be written. */
  close(): Promise<void>
}

export function openEventLog(file: string): EventLog {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  let failure: Error | undefined
  stream.on('error', (error) => {
    failure ??= error
  })
  return {
    write: (event) => {
      if (failure === undefined) stream.write(`${JSON.stringify(event)}\n`)
    },
    close: async () => {
      stream.end()
      await finished(stream).catch(() => {})
      if (failure === undefined) return
      const message = `Cannot write ${file}: expected a file that takes every event, got "${failure.message}"`
      throw localError('event-log.unwritten', message, {}, failure)
    },
  }
}

/** Closes the log after `work`. Where that failed, its error is told, and not what the log lacks. */
export async function closingLog<T>(log: EventLog, work: () => Promise<T>): Promise<T> {
  const result = await work().catch(async (error: unknown) => {
    await log.close().catch(() => {})
    throw error
  })
  await log.close()
  return result
}
