/** What a run left, read by whoever asks later: a kill may have cut it short, and somebody may have edited it. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PeerEvent } from '../../peers/events.ts'
import { inputError } from '../core/errors.ts'

/** By lines, as a long run's are more than a string holds. A last line that a kill cut short is left out. */
export async function readEvents(folder: string): Promise<PeerEvent[]> {
  const file = join(folder, 'events.jsonl')
  const events: PeerEvent[] = []
  let rest = ''
  try {
    for await (const text of createReadStream(file, 'utf8')) {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() as string
      for (const line of lines) events.push(eventIn(line, `${file}, line ${events.length + 1}`))
    }
  } catch (error) {
    throw unread(file, error)
  }
  return events
}

/**
 * Of the homes of peers that had machines of their own, in the order of their clocks. Throws `run.names` where two homes'
 * peers have one name: nobody could tell them apart.
 */
export async function readHomes(homes: readonly string[]): Promise<PeerEvent[]> {
  const all: PeerEvent[] = []
  const homeOf = new Map<string, string>()
  for (const home of homes) {
    const events = await readEvents(home)
    for (const name of new Set(events.map(({ name }) => name))) {
      const other = homeOf.get(name)
      if (other !== undefined) {
        throw inputError(
          'run.names',
          `Cannot report ${other} and ${home} together: expected peers of different names, got two called ${name}`,
        )
      }
      homeOf.set(name, home)
    }
    for (const event of events) all.push(event)
  }
  return all.sort((a, b) => a.at - b.at)
}

/** A JSON object in a file of its own. */
export async function readDocument(folder: string, name: string): Promise<object> {
  const file = join(folder, name)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unread(file, error)
  })
  return objectIn(text, file)
}

function eventIn(line: string, place: string): PeerEvent {
  const event = objectIn(line, place) as Partial<PeerEvent>
  if (typeof event.name === 'string' && typeof event.type === 'string' && typeof event.at === 'number') {
    return event as PeerEvent
  }
  throw damaged(place, 'an event with a name, a type and a time', line)
}

function objectIn(text: string, place: string): object {
  const expected = 'a JSON object'
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw damaged(place, expected, text)
  }
  if (typeof parsed === 'object' && parsed !== null) return parsed
  throw damaged(place, expected, text)
}

const damaged = (place: string, expected: string, text: string): Error =>
  inputError('run.damaged', `Cannot read ${place}: expected ${expected}, got ${JSON.stringify(text.slice(0, 80))}`)

const unread = (file: string, error: unknown): unknown =>
  error instanceof Error && 'syscall' in error && 'code' in error
    ? inputError(
        'run.absent',
        `Cannot read ${file}: expected the folder of a run or the home of a peer, got ${error.code}`,
      )
    : error
