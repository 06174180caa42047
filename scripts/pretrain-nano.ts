/**
 * `npm run pretrain:nano`: trains the built-in model from nothing. Ctrl-C stops it after the update under way; the same
 * command goes on where it stopped, to the same bits. `--export FOLDER` writes the model of the last checkpoint instead.
 */
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createProgress } from '../src/cli/output/progress.ts'
import { inputError } from '../src/core/errors.ts'
import type { Device } from '../src/engine/contract.ts'
import { chooseDevice } from '../src/engine/devices/choose.ts'
import { machineChecks } from '../src/engine/devices/machine-checks.ts'
import { nanoConfig } from '../src/nano/architecture.ts'
import { layInduction } from '../src/nano/induction.ts'
import { newWeights } from '../src/nano/new-model.ts'
import { createTrainStep } from '../src/training/train-step.ts'
import { continueWithEngineHeap } from './engine-heap.ts'
import { type Checkpoint, readCheckpoint } from './pretrain/checkpoint.ts'
import { nanoText, nanoTokenizer } from './pretrain/nano-text.ts'
import { createPace, duration } from './pretrain/pace.ts'
import { pretrain } from './pretrain/pretrain.ts'
import { formatStages, parseStages, recipe } from './pretrain/recipe.ts'
import { exportModel, runDocument } from './pretrain/run-document.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(import.meta.dirname, '../.cache/pretrain-nano') },
    seed: { type: 'string', default: 'nano' },
    // Another run than the one that made the shipped weights: smaller, to see it work, or longer.
    stages: { type: 'string', default: formatStages(recipe.stages) },
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: String(availableParallelism()) },
    export: { type: 'string' },
    format: { type: 'string', default: 'text' },
  },
})
const folder = resolve(values.folder)
const file = join(folder, 'checkpoint')

if (values.export === undefined) await train()
else await write(values.export, await readCheckpoint(file))

async function train(): Promise<void> {
  await continueWithEngineHeap()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const stages = parseStages(values.stages)
  const threads = wholeNumber('--threads', values.threads)
  const { device } = await chooseDevice(values.device as Device, machineChecks(folder))
  await mkdir(folder, { recursive: true })
  const tokenizer = (await readCheckpoint(file))?.tokenizer ?? nanoTokenizer(values.seed)
  const engine = createTrainStep({ config: nanoConfig, folder, weights: new Map() }, 'full', { device, threads })
  const initial = newWeights(nanoConfig, values.seed)
  layInduction(nanoConfig, initial)
  const progress = createProgress(process.stderr, () => performance.now())
  const pace = createPace(performance.now())
  try {
    const checkpoint = await pretrain({
      plan: { config: nanoConfig, seed: values.seed, ...recipe, stages, device },
      text: nanoText(tokenizer),
      tokenizer,
      init: initial,
      steps: engine,
      file,
      checkpointEvery: 100,
      pointEvery: 250,
      heldOutBatches: 8,
      signal: stop.signal,
      onStep: (step, heldOut) => progress.update('pretraining', pace(step, heldOut, performance.now())),
    })
    progress.clear()
    if (checkpoint.state.losses.length === stages.reduce((sum, { updates }) => sum + updates, 0))
      await write(join(folder, 'model'), checkpoint)
    else {
      print(checkpoint, 'Stopped; the same command goes on')
      process.exitCode = 130
    }
  } finally {
    progress.clear()
    await engine.release()
  }
}

async function write(target: string, checkpoint: Checkpoint | undefined): Promise<void> {
  if (checkpoint === undefined)
    throw inputError('pretrain.none', `Cannot export a model: expected a checkpoint in ${folder}, got none`)
  await exportModel(resolve(target), checkpoint)
  print(checkpoint, `Wrote ${resolve(target)}`)
}

function print(checkpoint: Checkpoint, sentence: string): void {
  const document = runDocument(checkpoint)
  const { updates, steps, tokens, seconds } = document
  const text = `${sentence}: ${updates} of ${steps} updates, ${tokens} tokens, ${duration(seconds)}.\n`
  process.stdout.write(values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : text)
}
