/**
 * `npm run bench:train -- --model PATH`: how fast and how large a training step is, against the matrix product that the
 * same machine manages in the same minutes. `--against pytorch --python PATH` compares with PyTorch and PEFT. `--data FILE`
 * trains on real text (JSON lines of instruction, input, output; longer samples are cut to `--length` positions).
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
import { againstPytorch, type Comparison } from './bench/against-pytorch.ts'
import { measureText, type TextBench } from './bench/text-measure.ts'
import { readTextSamples } from './bench/text-samples.ts'
import type { Summary } from './bench/timings.ts'
import { measureTraining, type Rate, type TrainBench } from './bench/train-measure.ts'
import { reportFailures } from './report-failures.ts'

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
const [threads, batch, length, rank, rounds] = [values.threads, values.batch, values.length, values.rank, values.rounds]
  .map(Number)
  .map(positive) as [number, number, number, number, number]
const targets = values.targets.split(',').map(linear)
const lora: LoraConfig = { rank, alpha: 2 * rank, targets, rslora: false }

if (values.model === '') throw inputError('bench.model', 'Cannot measure: expected --model PATH or FEDPIT_MODEL')
const cacheFolder = join(import.meta.dirname, '../.cache/bench')
const checkpoint = await openCheckpoint(values.model, cacheFolder)
const work = { batch, length, rank, targets: values.targets, threads, rounds }

// Garbage is fast, too: a device that computes it is refused here as everywhere.
const { device } = await chooseDevice(values.device as Device, machineChecks(cacheFolder))
if (values.data !== undefined) {
  const samples = await readTextSamples(values.data, values.model, length + 1)
  const bench = await measureText({ checkpoint, lora, samples, batchSize: batch, epochs: 2, device, threads, note })
  print({ device, ...work, data: values.data, ...bench }, () => textText(bench))
} else if (values.against === undefined) {
  const bucket = { batch, length, rows: batch * length }
  const stepOnly = values['step-only']
  const bench = await measureTraining({ checkpoint, lora, bucket, device, threads, rounds, stepOnly, note })
  print({ device, ...work, ...bench }, () => benchText(bench))
} else {
  const python = values.python ?? ''
  if (values.against !== 'pytorch' || python === '')
    throw inputError('bench.against', `Cannot compare: expected --against pytorch --python PATH, got ${values.against}`)
  const args = Object.entries(work).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { folder } = checkpoint
  const comparison = await againstPytorch({ python, folder, work: args, alternations: 3, note })
  print({ ...work, ...comparison }, () => comparisonText(comparison))
}

function print(document: object, text: () => string): void {
  process.stdout.write(values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : text())
}

function benchText({ train, forward, matmul, ofPeak, peakMemoryMB }: TrainBench): string {
  const both = ({ best, median }: Summary, digits = 0) => `${best.toFixed(digits)} (${median.toFixed(digits)})`
  const line = (name: string, rate: Rate) =>
    `${name}  ${both(rate.ms)} ms  ${both(rate.tokensPerSecond)} tokens/s  ${both(rate.gflops)} GF/s\n`
  return [
    `batch ${batch}x${length}, LoRA r ${rank} on ${values.targets}, float32, ${threads} threads: best (median)\n`,
    line('training step', train),
    forward === undefined ? '' : line('forward, loss', forward),
    matmul === undefined ? '' : `2048³ product  ${both(matmul.packed)} GF/s packed, ${both(matmul.plain)} plain\n`,
    ofPeak === undefined ? '' : `step / product  ${both(ofPeak.packed, 3)} packed, ${both(ofPeak.plain, 3)} plain\n`,
    `peak memory  ${peakMemoryMB.toFixed(0)} MB\n`,
  ].join('')
}

function textText(bench: TextBench): string {
  return [
    `${bench.samples} samples of at most ${length} positions, batch ${batch}, ${bench.labelled} labelled tokens\n`,
    `${bench.tokensPerSecond.toFixed(0)} tokens/s without padding, ${bench.firstEpochTokensPerSecond.toFixed(0)} in the `,
    `first epoch; ${bench.computedPerToken.toFixed(2)} positions computed for each token\n`,
  ].join('')
}

function comparisonText({ fedpit, pytorch, ratio }: Comparison): string {
  const line = (name: string, { best, median }: Summary, memory: number) =>
    `${name}  ${best.toFixed(0)} (${median.toFixed(0)}) tokens/s  ${memory.toFixed(0)} MB\n`
  const { best, median } = ratio.tokensPerSecond
  return [
    line('fedpit ', fedpit.tokensPerSecond, fedpit.peakMemoryMB),
    line('pytorch', pytorch.tokensPerSecond, pytorch.peakMemoryMB),
    `ratio    ${best.toFixed(2)} (${median.toFixed(2)})  memory ${ratio.peakMemory.toFixed(2)}\n`,
  ].join('')
}

function positive(value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw inputError('bench.number', `Cannot measure: expected a whole number above 0, got ${value}`)
}

function linear(name: string): Linear {
  const found = linears.find((known) => known === name)
  if (found === undefined)
    throw inputError('bench.targets', `Cannot measure: expected targets of ${linears}, got ${name}`)
  return found
}
