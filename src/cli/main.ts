/** `fedpit`, from arguments to exit code: the one place that touches the process. */
import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { localError } from '../core/errors.ts'
import { brokenExitCode, describeFailure, Interruption } from './output/failure.ts'
import { createOutput, type Output } from './output/output.ts'
import { createProgram } from './program.ts'
import { onSignals } from './signals.ts'

export async function main(argv: readonly string[] = process.argv): Promise<void> {
  const abort = new AbortController()
  const now = () => performance.now()
  let output: Output | undefined
  let failed = false
  /** The first failure is the one that is told: others come of it. */
  const fail = (error: unknown): void => {
    if (failed) return
    failed = true
    const failure = describeFailure(error, abort.signal.reason)
    const { exitCode, ...document } = failure
    process.exitCode = exitCode
    output ??= createOutput(program.opts().format === 'json' ? 'json' : 'text', process, now)
    output.note(`fedpit: ${failure.message}`)
    if (output.format === 'json') output.result({ error: document }, '')
  }
  const stop = (reason: Error): void => abort.abort(reason)
  const stopListening = onSignals({ process, now, stop })
  onUnwritten(stop, fail)
  const program = createProgram({
    version: packageVersion(),
    signal: abort.signal,
    createOutput: (format) => {
      output = createOutput(format, process, now)
      return output
    },
    tellBroken: () => {
      process.exitCode = brokenExitCode
    },
  })
  try {
    await program.parseAsync(argv)
    abort.signal.throwIfAborted()
  } catch (error) {
    if (!(error instanceof CommanderError && error.exitCode === 0)) fail(error)
  } finally {
    stopListening()
  }
}

/**
 * Whoever reads the output may go, as `head` does, and a disk may be full. That may show after the last word, so it is
 * listened for to the end, and a failure is told at once.
 */
function onUnwritten(stop: (reason: Error) => void, fail: (error: unknown) => void): void {
  for (const [name, stream] of [
    ['standard output', process.stdout],
    ['standard error', process.stderr],
  ] as const) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return stop(new Interruption('unread'))
      const message = `Cannot write ${name}: expected a place that takes all of it, got "${error.message}"`
      const failure = localError('cli.unwritten', message, {}, error)
      fail(failure)
      stop(failure)
    })
  }
}

/** package.json stands two folders up in the repository and three up in the compiled tree. */
function packageVersion(): string {
  const up = import.meta.filename.endsWith('.ts') ? '../..' : '../../..'
  const text = readFileSync(new URL(`${up}/package.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
