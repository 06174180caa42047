/** `fedpit adapters`: adapters in PEFT's format, in and out. What passes is checked against the model on the way. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inputError } from '../../core/errors.ts'
import { adapterLayout } from '../../lora/layout.ts'
import { readPeftAdapter, writePeftAdapter } from '../../lora/peft.ts'
import { openCheckpoint } from '../../model/open.ts'
import type { CommandContext, Register } from '../context.ts'
import { findAdapter, findHome, findModel } from '../home.ts'
import { addModelOption } from '../options.ts'

interface AdapterOptions {
  readonly model: string
  readonly base?: string
}

export const register: Register = (program, context) => {
  const adapters = program
    .command('adapters')
    .description("import and export adapters in PEFT's format")
    .addHelpText(
      'after',
      '\nExamples:\n  fedpit adapters import ./from-peft support\n  fedpit adapters export support ./out',
    )
  addModelOption(adapters.command('import').description('check an adapter against a model and keep it under a name'))
    .argument('<folder>', 'folder with adapter_config.json and adapter_model.safetensors')
    .argument('<name>', 'name to keep it under')
    .addHelpText('after', '\nExample:\n  fedpit adapters import ./from-peft support')
    .action((folder: string, name: string, options: AdapterOptions) => {
      if (!/^[\w][\w.-]*$/.test(name)) {
        throw inputError(
          'cli.adapter-name',
          `Cannot keep adapter as ${name}: expected letters, digits, ".", "_" or "-"`,
        )
      }
      return pass(folder, join(findHome(process.env).adapters, name), options, context)
    })
  addModelOption(adapters.command('export').description('write an adapter for PEFT to load'))
    .argument('<adapter>', 'name of an imported adapter, or its folder, as RUN/adapters/global')
    .argument('<folder>', 'new folder to write')
    .option('--base <name>', 'what PEFT users load the base model by (unless given, the name in --model)')
    .addHelpText(
      'after',
      '\nExample:\n  fedpit adapters export support ./out --base HuggingFaceTB/SmolLM2-135M-Instruct',
    )
    .action((adapter: string, folder: string, options: AdapterOptions) =>
      pass(adapter, resolve(folder), options, context),
    )
}

async function pass(from: string, to: string, options: AdapterOptions, context: CommandContext): Promise<void> {
  const home = findHome(process.env)
  if (existsSync(to)) throw inputError('cli.exists', `Cannot write adapter to ${to}: expected no such folder, got one`)
  const source = findAdapter(from, home)
  const { config: model } = await openCheckpoint(findModel(options.model, home), home.cache, { signal: context.signal })
  const adapter = await readPeftAdapter(source, model)
  await writePeftAdapter(to, adapter, model, options.base ?? options.model)
  const { config, parameters } = adapter
  const { digest } = adapterLayout(config, model)
  context.output.result(
    { folder: to, config, parameters: parameters.length, layout: digest },
    `${to}: rank ${config.rank} on ${config.targets.join(', ')}, ${parameters.length} parameters`,
  )
}
