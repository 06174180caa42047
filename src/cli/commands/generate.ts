/** `fedpit generate`: self-generation on its own. Shows on this machine, and nowhere else, what a model would write. */
import { writeFile } from 'node:fs/promises'
import { inputError } from '../../core/errors.ts'
import { createRandom } from '../../core/random.ts'
import { type FedPitSettings, fedPitSchema } from '../../fedpit/hyper-parameters.ts'
import { selfGenerate } from '../../fedpit/self-generation.ts'
import type { CommandContext, Register } from '../context.ts'
import { addModelOptions, type ModelOptions, parseAmount, parseCount } from '../options.ts'
import { readData } from '../private-data.ts'
import { withEngine } from '../with-engine.ts'
import { ensurePlace } from '../writable.ts'

interface GenerateOptions extends ModelOptions {
  readonly data: string
  readonly adapter?: string
  readonly count: number
  readonly temperature: number
  readonly maxTokens: number
  readonly seed: string
  readonly out?: string
}

const examples = `
Examples:
  fedpit generate --data clinic.jsonl -n 16
  fedpit generate --data clinic.jsonl -n 100 --out synthetic.jsonl`

export const register: Register = (program, context) => {
  addModelOptions(program.command('generate').description('write synthetic examples like the ones in a file'))
    .requiredOption('--data <file>', 'private examples, JSON or JSON Lines')
    .option('--adapter <name>', 'folder of an adapter in PEFT format, or the name of one that was imported')
    .option('-n, --count <n>', 'examples wanted', parseCount, 16)
    .option('--temperature <t>', 'of new instructions; responses are greedy at first', parseAmount, 0.8)
    .option('--max-tokens <n>', 'longest response', parseCount, 128)
    .option('--seed <text>', 'same seed, same examples', 'generate')
    .option('--out <file>', 'also write the examples there, as JSON Lines')
    .addHelpText('after', examples)
    .action((options: GenerateOptions) => generate(options, context))
}

async function generate(options: GenerateOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context
  const settings = settingsOf(options)
  const data = await readData(options.data, output)
  if (options.out !== undefined) await ensurePlace(options.out)
  await withEngine(options, context, async ({ engine, info, adapter }) => {
    const { candidates, tried, rejected } = await selfGenerate(data, adapter, {
      engine,
      settings,
      maxPositions: info.maxPositions,
      random: createRandom(options.seed),
      signal,
      onProgress: (accepted, wanted) => output.progress.update('generating', `${accepted} of ${wanted}`),
    })
    const lines = candidates.map((example) => JSON.stringify(example))
    if (options.out !== undefined) await writeFile(options.out, lines.map((line) => `${line}\n`).join(''))
    const reasons = Object.entries(rejected).map(([reason, count]) => `${count} ${reason}`)
    output.note(
      `${candidates.length} of ${options.count} wanted, from ${tried} tasks; rejected: ${reasons.join(', ') || 'none'}`,
    )
    output.result({ model: info.name, tried, rejected, examples: candidates }, lines.join('\n'))
  })
}

/** Within the limits of the method's settings; an error names the option as the user knows it. */
function settingsOf({ count, temperature, maxTokens }: GenerateOptions): FedPitSettings {
  const parsed = fedPitSchema.safeParse({ candidates: count, keep: count, temperature, responseTokens: maxTokens })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const options: Readonly<Record<string, [string, number]>> = {
    temperature: ['--temperature', temperature],
    responseTokens: ['--max-tokens', maxTokens],
  }
  const [option, got] = options[String(issue?.path[0])] ?? ['--count', count]
  throw inputError('cli.usage', `Cannot use ${option}: ${issue?.message.replace(/^[A-Z][a-z ]*: /, '')}, got ${got}`)
}
