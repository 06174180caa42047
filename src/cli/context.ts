import type { Command } from 'commander'
import type { Output } from './output/output.ts'

/** What every command is given. */
export interface CommandContext {
  /** Aborted by SIGINT and SIGTERM: stop between two steps, then return. */
  readonly signal: AbortSignal
  /** Follows the `--format` of this call; known when the command's action runs. */
  readonly output: Output
  /** The result that was printed is not what was promised: the process will end with an exit code that says so. */
  readonly tellBroken: () => void
}

/** A command's file exports this as `register`. */
export type Register = (program: Command, context: CommandContext) => void
