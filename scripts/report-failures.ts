/**
 * How the `bench:*` and `experiment:*` scripts fail: one line on standard error and the exit code that `fedpit` has for
 * the same error. A mistake of ours keeps its stack trace.
 */
import { describeFailure } from '../src/cli/output/failure.ts'
import { inputError } from '../src/core/errors.ts'

/** From here on, whatever the script does not catch ends it this way. */
export function reportFailures(): void {
  process.once('uncaughtException', (error) => {
    const { message, exitCode } = describeFailure(isUsage(error) ? inputError('usage', sentence(error)) : error)
    process.stderr.write(`${message}\n`, () => process.exit(exitCode))
  })
}

/** An option that `parseArgs` does not know, or one without its value. */
function isUsage(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
}

/** `parseArgs` adds advice on further lines and sentences. */
function sentence({ message }: Error): string {
  return message.split(/\.\s|\n/, 1)[0] as string
}
