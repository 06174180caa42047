/** The command tree. A command is one file in `commands/` and one line here. */
import { Command, Option } from 'commander'
import { register as adapters } from './commands/adapters.ts'
import { register as chat } from './commands/chat.ts'
import { register as doctor } from './commands/doctor.ts'
import { register as evaluate } from './commands/evaluate.ts'
import { register as generate } from './commands/generate.ts'
import { register as init } from './commands/init.ts'
import { register as models } from './commands/models.ts'
import { register as peer } from './commands/peer.ts'
import { register as report } from './commands/report.ts'
import { register as simulate } from './commands/simulate.ts'
import { register as swarm } from './commands/swarm.ts'
import { register as tokenize } from './commands/tokenize.ts'
import { register as topology } from './commands/topology.ts'
import { register as train } from './commands/train.ts'
import type { CommandContext, Register } from './context.ts'
import type { Format, Output } from './output/output.ts'

/** In the order of the help page. */
const commands: readonly Register[] = [
  init,
  peer,
  swarm,
  simulate,
  report,
  generate,
  train,
  evaluate,
  chat,
  topology,
  tokenize,
  models,
  adapters,
  doctor,
]

const exitCodeHelp = `
Exit codes: 0 done, 2 wrong input, 3 this machine cannot do it, 4 a remote peer's fault, 5 a swarm or simulation in which a
peer failed, a sum moved or peers differ in the end, 70 a bug, 130 interrupted, 141 output unread, 143 terminated.`

export interface ProgramOptions {
  readonly version: string
  readonly signal: AbortSignal
  readonly createOutput: (format: Format) => Output
  /** A command's result is not what was promised. */
  readonly tellBroken: () => void
}

export function createProgram({ version, signal, createOutput, tellBroken }: ProgramOptions): Command {
  const program = new Command('fedpit')
    .description('Tune one language model together with others, without sharing data and without a server')
    .version(version)
    .addOption(
      new Option('--format <format>', 'text for people, json for machines').choices(['text', 'json']).default('text'),
    )
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    // Commander would print its own errors; the caller says them once, in the format asked for.
    .configureOutput({ outputError: () => {} })
  let output: Output | undefined
  const context: CommandContext = {
    signal,
    tellBroken,
    get output() {
      output ??= createOutput(program.opts<{ format: Format }>().format)
      return output
    },
  }
  for (const register of commands) register(program, context)
  return program
}
