/**
 * What a command prints. Standard output carries the result alone: text for people, or with `--format json` exactly
 * one JSON document. Notes and progress go to standard error.
 */
import { createProgress, type Progress, type ProgressSink } from './progress.ts'

export type Format = 'text' | 'json'

export interface Output {
  readonly format: Format
  readonly progress: Progress
  /** The command's result, once: `document` for machines, `text` for people. */
  result(document: unknown, text: string): void
  /** A piece of the result as it comes into being (streamed tokens); machines get the whole in `result`. */
  stream(text: string): void
  /** A line for people. */
  note(line: string): void
}

export interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: ProgressSink
}

export function createOutput(format: Format, streams: Streams, now: () => number): Output {
  const progress = createProgress(streams.stderr, now)
  return {
    format,
    progress,
    result: (document, text) => {
      progress.clear()
      if (format === 'json') streams.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`)
      else if (text !== '') streams.stdout.write(`${text}\n`)
    },
    stream: (text) => {
      progress.clear()
      if (format === 'text') streams.stdout.write(text)
    },
    note: (line) => {
      progress.clear()
      streams.stderr.write(`${line}\n`)
    },
  }
}
