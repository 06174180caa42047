/** `fedpit`, from arguments to exit code: the one place that touches the process. */
import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { brokenExitCode, describeFailure, Interruption } from './output/failure.ts'
import { createOutput, type Output } from './output/output.ts'
import { createProgram } from './program.ts'

export async function main(argv: readonly string[] = process.argv): Promise<void> {
  const abort = new AbortController()
  const stopListening = onSignals((reason) => abort.abort(reason))
  onUnread((reason) => abort.abort(reason))
  let output: Output | undefined
  const program = createProgram({
    version: packageVersion(),
    signal: abort.signal,
    createOutput: (format) => {
      output = createOutput(format, process, () => performance.now())
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
    if (error instanceof CommanderError && error.exitCode === 0) return
    const failure = describeFailure(error, abort.signal.reason)
    output ??= createOutput(program.opts().format === 'json' ? 'json' : 'text', process, () => performance.now())
    output.note(`fedpit: ${failure.message}`)
    const { exitCode, ...document } = failure
    if (output.format === 'json') output.result({ error: document }, '')
    process.exitCode = exitCode
  } finally {
    stopListening()
  }
}

/** The first signal asks the command to stop, the second ends the process at once. */
function onSignals(stop: (reason: Interruption) => void): () => void {
  let asked = false
  const handler = (kind: 'interrupted' | 'terminated', exitCode: number) => () => {
    if (asked) process.exit(exitCode)
    asked = true
    stop(new Interruption(kind))
  }
  const interrupt = handler('interrupted', 130)
  const terminate = handler('terminated', 143)
  process.on('SIGINT', interrupt).on('SIGTERM', terminate)
  return () => process.off('SIGINT', interrupt).off('SIGTERM', terminate)
}

/** Whoever reads the output may go, as `head` does. That may show after the last word, so it is listened for to the end. */
function onUnread(stop: (reason: Interruption) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      stop(new Interruption('unread'))
    })
  }
}

/** package.json stands two folders up in the repository and three up in the compiled tree. */
function packageVersion(): string {
  const up = import.meta.filename.endsWith('.ts') ? '../..' : '../../..'
  const text = readFileSync(new URL(`${up}/package.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
