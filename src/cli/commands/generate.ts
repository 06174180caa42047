/** `fedpit generate`: self-generation on its own. Shows on this machine, and nowhere else, what a model would write. */
import { writeFile } from 'node:fs/promises'
import { createRandom } from '../../core/random.ts'
import { fedPitSchema } from '../../fedpit/hyper-parameters.ts'
import { selfGenerate } from '../../fedpit/self-generation.ts'
import type { CommandContext, Register } from '../context.ts'
import { addModelOptions, type ModelOptions, parseAmount, parseCount } from '../options.ts'
import { readData } from '../private-data.ts'
import { withEngine } from '../with-engine.ts'

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
  const data = await readData(options.data, output)
  await withEngine(options, context, async ({ engine, info, adapter }) => {
    const settings = fedPitSchema.parse({
      candidates: options.count,
      keep: options.count,
      temperature: options.temperature,
      responseTokens: options.maxTokens,
    })
    const { candidates, tried, rejected } = await selfGenerate(data, adapter, {
      engine,
      settings,
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
