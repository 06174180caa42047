/**
 * `npm run pretrain:nano`: trains the built-in model from nothing, run after run of its recipe. Ctrl-C stops it after the
 * update under way; the same command goes on where it stopped, to the same bits. `--from MODEL` goes on from a model's
 * weights, with the runs of the recipe that it has not had. `--export FOLDER` writes the model of the last checkpoint instead.
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
import { readTokenizerFiles } from '../src/tokenizer/open.ts'
import { createTrainStep } from '../src/training/train-step.ts'
import { continueWithEngineHeap } from './engine-heap.ts'
import { type Checkpoint, readCheckpoint } from './pretrain/checkpoint.ts'
import { createCut } from './pretrain/cut.ts'
import { nanoText, nanoTokenizer } from './pretrain/nano-text.ts'
import { createPace, duration } from './pretrain/pace.ts'
import { createPractice } from './pretrain/practice.ts'
import { pretrain } from './pretrain/pretrain.ts'
import { parseStages, type RunRecipe, recipe, runOf } from './pretrain/recipe.ts'
import { exportModel, type RunDocument, readStory, runDocument } from './pretrain/run-document.ts'
import { leftWeights, readWeights } from './pretrain/weights.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(import.meta.dirname, '../.cache/pretrain-nano') },
    seed: { type: 'string', default: 'nano' },
    from: { type: 'string' },
    // One run, another than those that made the shipped weights: smaller, to see it work, or longer.
    stages: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: String(availableParallelism()) },
    export: { type: 'string' },
    format: { type: 'string', default: 'text' },
  },
})
const folder = resolve(values.folder)
const earlier = values.from === undefined ? [] : (await readStory(values.from)).runs
const runs = values.stages === undefined ? recipe.slice(earlier.length) : [runOf(parseStages(values.stages))]
const checkpointFile = (run: number): string => join(folder, `checkpoint-${run + 1}`)

if (values.export === undefined) await train()
else await exportLast(resolve(values.export))

async function train(): Promise<void> {
  if (runs.length === 0) {
    throw inputError(
      'pretrain.runs',
      `Cannot go on from ${values.from}: expected fewer runs than the ${recipe.length} of the recipe, got ${earlier.length}`,
    )
  }
  await continueWithEngineHeap()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const threads = wholeNumber('--threads', values.threads)
  const { device } = await chooseDevice(values.device as Device, machineChecks(folder))
  await mkdir(folder, { recursive: true })
  const saved = (await readCheckpoint(checkpointFile(0)))?.tokenizer
  const tokenizer = saved ?? (values.from ? await readTokenizerFiles(values.from) : nanoTokenizer(values.seed))
  const cut = createCut(tokenizer)
  const text = nanoText(tokenizer, cut)
  // Sessions for text, its held-out loss, and each length of practice rows.
  const options = { device, threads, sessions: 8 }
  const engine = createTrainStep({ config: nanoConfig, folder, weights: new Map() }, 'full', options)
  const practice = createPractice({ files: tokenizer, cut, folder, device, threads })
  const progress = createProgress(process.stderr, () => performance.now())
  const made: RunDocument[] = [...earlier]
  let init = values.from ? await readWeights(values.from) : newWeights(nanoConfig, values.seed)
  if (values.from === undefined) layInduction(nanoConfig, init)
  try {
    for (const [i, run] of runs.entries()) {
      const seed = made.length === 0 ? values.seed : `${values.seed}/${made.length + 1}`
      const pace = createPace(performance.now())
      const checkpoint = await pretrain({
        plan: { config: nanoConfig, seed, ...run, device },
        text,
        tokenizer,
        init,
        steps: engine,
        practice,
        file: checkpointFile(i),
        ...cadence(run),
        heldOutBatches: 8,
        signal: stop.signal,
        onStep: (step, measured) => {
          const line = pace(step, measured, performance.now())
          progress.update('pretraining', runs.length === 1 ? line : `run ${i + 1}/${runs.length}, ${line}`)
        },
      })
      progress.clear()
      const document = runDocument(checkpoint)
      if (document.updates < document.steps) {
        print([...made, document], 'Stopped; the same command goes on')
        process.exitCode = 130
        return
      }
      if (i === runs.length - 1) await write(join(folder, 'model'), checkpoint, made)
      made.push(document)
      init = leftWeights(nanoConfig, checkpoint.state.parameters, checkpoint.init)
    }
  } finally {
    progress.clear()
    await engine.release()
  }
}

/** An update with practice takes as long as six others. */
function cadence({ stages }: RunRecipe): { checkpointEvery: number; pointEvery: number } {
  const practises = stages.some(({ practice }) => practice !== undefined)
  return practises ? { checkpointEvery: 20, pointEvery: 25 } : { checkpointEvery: 100, pointEvery: 250 }
}

async function exportLast(target: string): Promise<void> {
  const found: Checkpoint[] = []
  for (const i of runs.keys()) {
    const checkpoint = await readCheckpoint(checkpointFile(i))
    if (checkpoint !== undefined) found.push(checkpoint)
  }
  const last = found.pop()
  if (last === undefined)
    throw inputError('pretrain.none', `Cannot export a model: expected a checkpoint in ${folder}, got none`)
  await write(target, last, [...earlier, ...found.map(runDocument)])
}

async function write(target: string, checkpoint: Checkpoint, before: readonly RunDocument[]): Promise<void> {
  await exportModel(target, checkpoint, before)
  print([...before, runDocument(checkpoint)], `Wrote ${target}`)
}

/** The runs, the last one as far as it is. */
function print(made: readonly RunDocument[], sentence: string): void {
  const { updates, steps, tokens, seconds } = made.at(-1) as RunDocument
  const text = `${sentence}: ${updates} of ${steps} updates, ${tokens} tokens, ${duration(seconds)}.\n`
  process.stdout.write(values.format === 'json' ? `${JSON.stringify({ runs: made }, undefined, 2)}\n` : text)
}
