/** `fedpit evaluate`: how well a model, with or without an adapter, answers a file of examples. */
import { evaluateHeldOut } from '../../evaluation/held-out.ts'
import type { CommandContext, Register } from '../context.ts'
import { addModelOptions, type ModelOptions, parseCount } from '../options.ts'
import { readData } from '../private-data.ts'
import { withEngine } from '../with-engine.ts'

interface EvaluateOptions extends ModelOptions {
  readonly data: string
  readonly adapter?: string
  readonly maxTokens: number
  readonly exampleTokens: number
}

const examples = `
Examples:
  fedpit evaluate --data new-cases.jsonl
  fedpit evaluate --data new-cases.jsonl --adapter fedpit-peer/adapters/local --format json`

export const register: Register = (program, context) => {
  addModelOptions(program.command('evaluate').description('loss and ROUGE-L of a model on a file of examples'))
    .requiredOption('--data <file>', 'examples, JSON or JSON Lines')
    .option('--adapter <name>', 'folder of an adapter in PEFT format, or the name of one that was imported')
    .option('--max-tokens <n>', 'longest answer', parseCount, 128)
    .option('--example-tokens <n>', 'longer examples lose the beginning of their prompt', parseCount, 512)
    .addHelpText('after', examples)
    .action((options: EvaluateOptions) => evaluate(options, context))
}

async function evaluate(options: EvaluateOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context
  const data = await readData(options.data, output)
  await withEngine(options, context, async ({ engine, info, adapter }) => {
    output.progress.update('evaluating', `${data.length} examples`)
    const maxTokens = Math.min(options.exampleTokens, info.maxPositions)
    const parts = { engine, chat: info.hasChatTemplate, maxTokens, maxNewTokens: options.maxTokens, signal }
    const base = await evaluateHeldOut(data, undefined, parts)
    const tuned = adapter === undefined ? undefined : await evaluateHeldOut(data, adapter, parts)
    const { truncated } = base
    if (truncated > 0) output.note(`Cut ${truncated} of ${data.length} examples to ${maxTokens} tokens`)
    const rows = { base, ...(tuned === undefined ? {} : { adapter: tuned }) }
    const text = Object.entries(rows).map(
      ([name, { loss, rougeL }]) => `${name.padEnd(8)} loss ${loss.toFixed(3)}  ROUGE-L ${rougeL.toFixed(3)}`,
    )
    output.result({ model: info.name, device: info.device, examples: data.length, ...rows }, text.join('\n'))
  })
}
