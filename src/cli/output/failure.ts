/** From an error to what the user sees: a message, a code for machines, and an exit code that means something. */
import { CommanderError } from 'commander'
import { type ErrorFamily, FedpitError } from '../../core/errors.ts'

/** 64 and above follow sysexits.h; 128 + signal number is the shells' custom. */
const exitCodes = { input: 2, local: 3, remote: 4, bug: 70, interrupted: 130, unread: 141, terminated: 143 } as const
/** All was done, and what came of it is not what was promised: the result says what. */
export const brokenExitCode = 5

export interface Failure {
  readonly family: ErrorFamily | keyof typeof interruptions
  readonly code: string
  readonly message: string
  readonly exitCode: number
}

const interruptions = {
  interrupted: 'Interrupted',
  terminated: 'Terminated',
  unread: 'Stopped, as nobody reads its output any more',
} as const

/** Reason given to the AbortController when a signal arrives, or the reader of the output has gone. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly kind: keyof typeof interruptions

  constructor(kind: keyof typeof interruptions) {
    super(interruptions[kind])
    this.kind = kind
  }
}

/** `aborted` is the reason of the command's signal, where it was aborted: whatever failed then failed because of it. */
export function describeFailure(error: unknown, aborted?: unknown): Failure {
  if (aborted instanceof Interruption) {
    return {
      family: aborted.kind,
      code: `cli.${aborted.kind}`,
      message: aborted.message,
      exitCode: exitCodes[aborted.kind],
    }
  }
  if (error instanceof FedpitError) return failure(error.family, error.code, error.message)
  // The help page has been shown in place of a message.
  if (error instanceof CommanderError && error.code === 'commander.help') {
    return failure('input', 'cli.usage', 'Cannot run: expected a command, got none')
  }
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '')
    return failure('input', 'cli.usage', message.charAt(0).toUpperCase() + message.slice(1))
  }
  if (isSystemError(error)) return failure('local', `system.${error.code.toLowerCase()}`, error.message)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return failure('bug', 'cli.unexpected', `Unexpected failure, please report it: ${text}`)
}

function failure(family: ErrorFamily, code: string, message: string): Failure {
  return { family, code, message, exitCode: exitCodes[family] }
}

/** Errors of the operating system, as Node reports them. */
function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
}
