/**
 * `npm run bench:train -- --model PATH`: how fast and how large a training step is, against the matrix product that the
 * same machine manages in the same minutes. `--data FILE` trains on real text instead (a file of private examples;
 * longer ones are cut to `--length` positions). `--against pytorch --python PATH` compares either with PyTorch and PEFT.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inputError } from '../src/core/errors.ts'
import type { Device } from '../src/engine/contract.ts'
import { chooseDevice } from '../src/engine/devices/choose.ts'
import { machineChecks } from '../src/engine/devices/machine-checks.ts'
import { type Linear, type LoraConfig, linears } from '../src/lora/adapter.ts'
import { openCheckpoint } from '../src/model/open.ts'
import { againstPytorchStep, againstPytorchText } from './bench/against-pytorch.ts'
import { measureText } from './bench/text-measure.ts'
import { readTextSamples } from './bench/text-samples.ts'
import { measureTraining } from './bench/train-measure.ts'
import { comparisonReport, pytorchTextReport, stepReport, textReport } from './bench/train-report.ts'
import { continueWithEngineHeap } from './engine-heap.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: process.env['FEDPIT_MODEL'] ?? '' },
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: String(availableParallelism()) },
    batch: { type: 'string', default: '4' },
    length: { type: 'string', default: '128' },
    rank: { type: 'string', default: '8' },
    targets: { type: 'string', default: 'q,v' },
    rounds: { type: 'string', default: '8' },
    format: { type: 'string', default: 'text' },
    data: { type: 'string' },
    against: { type: 'string' },
    python: { type: 'string' },
    'step-only': { type: 'boolean', default: false },
  },
})
const note = (line: string) => process.stderr.write(`${line}\n`)
const number = (name: 'threads' | 'batch' | 'length' | 'rank' | 'rounds') => wholeNumber(`--${name}`, values[name])
const [threads, batch, length] = [number('threads'), number('batch'), number('length')]
const [rank, rounds] = [number('rank'), number('rounds')]
const targets = values.targets.split(',').map(linear)
const lora: LoraConfig = { rank, alpha: 2 * rank, targets, rslora: false }

if (values.against === undefined) await continueWithEngineHeap()
if (values.model === '') throw inputError('bench.model', 'Cannot measure: expected --model PATH or FEDPIT_MODEL')
const cacheFolder = join(import.meta.dirname, '../.cache/bench')
const checkpoint = await openCheckpoint(values.model, cacheFolder)
const work = { batch, rank, targets: values.targets, threads }
const against = values.against === undefined ? undefined : withPytorch(values.against, values.python)
await (values.data === undefined ? onSyntheticTokens() : onText(values.data))

async function onSyntheticTokens(): Promise<void> {
  const sizes = { ...work, length, rounds }
  if (against !== undefined) {
    const own = flags({ model: checkpoint.folder, ...sizes })
    const comparison = await againstPytorchStep({ ...against, own, theirs: flags(sizes) })
    return print({ ...sizes, ...comparison }, () => comparisonReport(comparison))
  }
  const device = await usableDevice()
  const bucket = { batch, length, rows: batch * length }
  const stepOnly = values['step-only']
  const bench = await measureTraining({ checkpoint, lora, bucket, device, threads, rounds, stepOnly, note })
  print({ device, ...sizes, ...bench }, () => stepReport(sizes, bench))
}

async function onText(data: string): Promise<void> {
  const samples = await readTextSamples(data, values.model, length + 1)
  const given = { data, length, ...work }
  const epochs = 3
  if (against !== undefined) {
    const own = flags({ model: values.model, ...given })
    const comparison = await againstPytorchText(samples, { ...against, own, theirs: flags({ ...work, epochs }) })
    const { fedpit, pytorch } = comparison
    return print({ ...given, epochs, ...comparison }, () =>
      [textReport(given, fedpit), pytorchTextReport(pytorch), comparisonReport(comparison)].join(''),
    )
  }
  const device = await usableDevice()
  const bench = await measureText({ checkpoint, lora, samples, batchSize: batch, epochs, device, threads, note })
  print({ device, ...given, epochs, ...bench }, () => textReport(given, bench))
}

function withPytorch(name: string, python = '') {
  if (name === 'pytorch' && python !== '') return { python, folder: checkpoint.folder, alternations: 3, note }
  throw inputError('bench.against', `Cannot compare: expected --against pytorch --python PATH, got ${name} ${python}`)
}

/** Garbage is fast, too: a device that computes it is refused here as everywhere. */
async function usableDevice() {
  return (await chooseDevice(values.device as Device, machineChecks(cacheFolder))).device
}

/** As arguments of a process. */
function flags(options: Record<string, string | number>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
}

function print(document: object, text: () => string): void {
  process.stdout.write(values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : text())
}

function linear(name: string): Linear {
  const found = linears.find((known) => known === name)
  if (found === undefined)
    throw inputError('bench.targets', `Cannot measure: expected targets of ${linears}, got ${name}`)
  return found
}
