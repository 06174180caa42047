/** `fedpit train`: one LoRA adapter on one file of examples. Run again after an interruption, it goes on where it was. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
import { Option } from 'commander'
import { inputError, localError } from '../../core/errors.ts'
import type { TrainRequest } from '../../engine/contract.ts'
import { trainingPrompt } from '../../fedpit/prompts.ts'
import { maxRank } from '../../lab/plan-schema.ts'
import { type Linear, type LoraConfig, linears } from '../../lora/adapter.ts'
import { writePeftAdapter } from '../../lora/peft.ts'
import type { CommandContext, Register } from '../context.ts'
import { addModelOptions, countUpTo, type ModelOptions, parseAmount, parseCount } from '../options.ts'
import { readData } from '../private-data.ts'
import { withEngine } from '../with-engine.ts'
import { ensurePlace, unwritable } from '../writable.ts'

interface TrainCommandOptions extends ModelOptions {
  readonly data: string
  readonly out: string
  readonly rank: number
  readonly alpha: number
  readonly targets: readonly Linear[]
  readonly rslora: boolean
  readonly epochs: number
  readonly batchSize: number
  readonly accumulate: number
  readonly learningRate: number
  readonly warmup: number
  readonly schedule: 'constant' | 'cosine'
  readonly weightDecay: number
  readonly dropout: number
  readonly maxTokens: number
  readonly seed: string
}

const examples = `
Examples:
  fedpit train --data clinic.jsonl --out clinic-adapter
  fedpit train --data clinic.jsonl --out clinic-adapter --targets q,k,v,o,gate,up,down --rank 16 --epochs 5`

export const register: Register = (program, context) => {
  addModelOptions(program.command('train').description('train a LoRA adapter on a file of examples'))
    .requiredOption('--data <file>', 'examples, JSON or JSON Lines')
    .requiredOption('--out <folder>', "folder for the adapter, in PEFT's format")
    .option('--rank <r>', 'rank of the adapter', countUpTo(maxRank), 8)
    .option('--alpha <a>', 'its scale is alpha / rank', parseAmount, 16)
    .option('--targets <list>', `linears to adapt, of ${linears.join(',')}`, parseTargets, ['q', 'v'])
    .option('--rslora', 'scale by alpha / sqrt(rank)', false)
    .option('--epochs <n>', 'times each example is seen', parseCount, 3)
    .option('--batch-size <n>', 'examples a step', parseCount, 8)
    .option('--accumulate <n>', 'steps an update', parseCount, 1)
    .option('--learning-rate <x>', 'of AdamW', parseAmount, 2e-3)
    .option('--warmup <n>', 'updates until the full learning rate', parseAmount, 0)
    .addOption(
      new Option('--schedule <name>', 'of the learning rate').choices(['constant', 'cosine']).default('constant'),
    )
    .option('--weight-decay <x>', 'decoupled', parseAmount, 0)
    .option('--dropout <p>', 'on the input of the adapter', parseAmount, 0)
    .option('--max-tokens <n>', 'longer examples lose the beginning of their prompt', parseCount, 512)
    .option('--seed <text>', 'order of the examples, and the fresh adapter', 'train')
    .addHelpText('after', examples)
    .action((options: TrainCommandOptions) => train(options, context))
}

function parseTargets(text: string): Linear[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !linears.some((linear) => linear === name))
  if (unknown === undefined) return linears.filter((linear) => names.includes(linear))
  throw inputError('cli.targets', `Cannot adapt ${JSON.stringify(unknown)}: expected some of ${linears.join(', ')}`)
}

async function train(options: TrainCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context
  const data = await readData(options.data, output)
  if (existsSync(options.out)) {
    throw inputError('cli.exists', `Cannot write adapter to ${options.out}: expected no such folder, got one`)
  }
  await ensurePlace(options.out)
  await withEngine(options, context, async ({ engine, info }) => {
    const { rank, alpha, targets, rslora, warmup, seed } = options
    const config: LoraConfig = { rank, alpha, targets, rslora }
    const request: TrainRequest = {
      samples: data.map((example) => ({
        prompt: trainingPrompt(example, info.hasChatTemplate),
        response: example.response,
      })),
      init: await engine.createAdapter(config, seed, signal),
      options: { ...options, warmupSteps: warmup, clipNorm: 1, trainable: 'AB' },
      checkpointEvery: 5,
    }
    const saved = `${options.out}.checkpoint`
    const key = keyOf(request, info.fingerprint)
    const resume = await readCheckpoint(saved, key)
    if (resume !== undefined) output.note(`Going on from ${saved}`)
    // One after the other, so that the newest is the one that stays.
    let writing = Promise.resolve()
    const unsaved = new AbortController()
    const save = (state: TrainState): void => {
      writing = writing
        .then(() => writeCheckpoint(saved, { key, state }))
        .catch((cause: unknown) => unsaved.abort(unwritable(saved, cause)))
    }
    const result = await engine.train(
      resume === undefined ? request : { ...request, resume },
      AbortSignal.any([signal, unsaved.signal]),
      ({ step, steps, loss, checkpoint }) => {
        output.progress.update('training', `update ${step} of ${steps}, loss ${loss.toFixed(3)}`)
        if (checkpoint !== undefined) save(checkpoint)
      },
    )
    await writing
    unsaved.signal.throwIfAborted()
    const finite = result.adapter.parameters.every(Number.isFinite)
    if (finite) await writePeftAdapter(options.out, result.adapter, info.config, options.model)
    // Nor is there anything to go on from where training diverged.
    await rm(saved, { force: true })
    if (!finite) {
      const got = `others after ${result.losses.length} updates; a smaller --learning-rate may help`
      throw localError(
        'train.diverged',
        `Cannot write adapter to ${options.out}: expected finite parameters, got ${got}`,
      )
    }
    const { labelled, fed, computed } = result.tokens
    const last = result.losses.at(-1) ?? Number.NaN
    output.result(
      {
        model: info.name,
        device: info.device,
        folder: options.out,
        losses: result.losses,
        tokens: result.tokens,
        truncated: result.truncated,
      },
      `${options.out}: ${result.losses.length} updates, loss ${(result.losses[0] ?? last).toFixed(3)} -> ${last.toFixed(3)}; ` +
        `${labelled} of ${fed} tokens labelled, ${(100 * (1 - fed / computed)).toFixed(0)} % of ${computed} positions were padding` +
        (result.truncated === 0 ? '' : `; ${result.truncated} examples were cut to ${options.maxTokens} tokens`),
    )
  })
}

type TrainState = NonNullable<TrainRequest['resume']>

/** A checkpoint of another run must not be continued: everything that shapes a run is in its key. */
function keyOf({ samples, options, init }: TrainRequest, fingerprint: string): string {
  return createHash('sha256')
    .update(JSON.stringify([samples, options, init.config, fingerprint]))
    .digest('hex')
}

async function readCheckpoint(path: string, key: string): Promise<TrainState | undefined> {
  if (!existsSync(path)) return undefined
  const found = parseCheckpoint(await readFile(path))
  if (found?.key === key) return found.state
  const got = found === undefined ? 'a file that is none' : 'one with other data or options'
  throw inputError(
    'cli.checkpoint',
    `Cannot go on from ${path}: expected the checkpoint of this run, got ${got}. Delete it, or choose another --out`,
  )
}

/** Undefined where the bytes are no checkpoint. */
function parseCheckpoint(bytes: Uint8Array): { key: string; state: TrainState } | undefined {
  try {
    const found: unknown = deserialize(bytes)
    const isOne = typeof found === 'object' && found !== null && 'key' in found && 'state' in found
    return isOne ? (found as { key: string; state: TrainState }) : undefined
  } catch {
    return undefined
  }
}

/** Replaced whole, so that a kill leaves the one before. */
async function writeCheckpoint(path: string, content: { key: string; state: TrainState }): Promise<void> {
  const partial = `${path}.${content.state.losses.length}`
  await writeFile(partial, serialize(content))
  await rename(partial, path)
}
