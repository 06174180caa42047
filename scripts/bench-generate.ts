/**
 * `npm run bench:generate -- --model PATH`: prompt tokens/s and new tokens/s at batch 1, 8, 16 and 32, in float32 and
 * int8, and peak memory. `--against llama.cpp --bench PATH --gguf FILE` alternates with llama-batched-bench; give it a
 * GGUF of the precision that `--decode` names (f32: F32, int8: Q8_0).
 */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { inputError } from '../src/core/errors.ts'
import { openCheckpoint } from '../src/model/open.ts'
import type { Provider } from '../src/onnx/session.ts'
import { againstLlama, type LlamaRow } from './bench/against-llama.ts'
import { type GenerateBench, measureGeneration } from './bench/generate-measure.ts'
import type { Summary } from './bench/timings.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: process.env['FEDPIT_MODEL'] ?? '' },
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: String(availableParallelism()) },
    decode: { type: 'string', default: 'f32,int8' },
    batches: { type: 'string', default: '1,8,16,32' },
    prompt: { type: 'string', default: '64' },
    new: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    format: { type: 'string', default: 'text' },
    against: { type: 'string' },
    bench: { type: 'string', default: '' },
    gguf: { type: 'string', default: '' },
  },
})
const note = (line: string) => process.stderr.write(`${line}\n`)
const number = (name: 'threads' | 'prompt' | 'new' | 'rounds') => wholeNumber(`--${name}`, values[name])
const [threads, promptTokens, newTokens, rounds] = [
  number('threads'),
  number('prompt'),
  number('new'),
  number('rounds'),
]
const batches = values.batches.split(',').map((text) => wholeNumber('--batches', text))
const forms = values.decode.split(',').map(form)
if (values.model === '') throw inputError('bench.model', 'Cannot measure: expected --model PATH or FEDPIT_MODEL')
const sizes = { threads, batches, promptTokens, newTokens }

if (values.against !== undefined) {
  const [decode, ...more] = forms
  if (values.against !== 'llama.cpp' || values.bench === '' || values.gguf === '' || more.length > 0)
    throw inputError(
      'bench.against',
      'Cannot compare: expected --against llama.cpp --bench PATH --gguf FILE and one --decode f32 or int8',
    )
  const rows = await againstLlama({
    ...sizes,
    bench: values.bench,
    gguf: values.gguf,
    alternations: 3,
    own: own(decode),
    note,
  })
  print({ decode, ...sizes, rows }, () => comparisonText(rows))
} else if (forms.length > 1) {
  // A process for each form, so that each has a peak memory of its own.
  const results: GenerateBench[] = []
  for (const decode of forms) {
    const args = [import.meta.filename, ...own(decode), '--format', 'json']
    const running = promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 24 })
    running.child.stderr?.pipe(process.stderr)
    results.push(...JSON.parse((await running).stdout).results)
  }
  print({ device: values.device, ...sizes, rounds, results }, () => results.map(benchText).join('\n'))
} else {
  const cacheFolder = join(import.meta.dirname, '../.cache/bench')
  const checkpoint = await openCheckpoint(values.model, cacheFolder)
  const decode = forms[0] as (typeof forms)[number]
  const result = await measureGeneration({
    cacheFolder,
    ...sizes,
    checkpoint,
    decode,
    device: values.device as Provider,
    rounds,
    note,
  })
  print({ device: values.device, ...sizes, rounds, results: [result] }, () => benchText(result))
}

/** Arguments of a process that measures one form of the weights. */
function own(decode: string | undefined): string[] {
  const same = ['model', 'device', 'threads', 'batches', 'prompt', 'new', 'rounds'] as const
  return [...same.flatMap((name) => [`--${name}`, values[name]]), '--decode', String(decode)]
}

function print(document: object, text: () => string): void {
  process.stdout.write(values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : text())
}

function both({ best, median }: Summary, digits = 0): string {
  return `${best.toFixed(digits)} (${median.toFixed(digits)})`
}

function benchText({ decode, batches, candidates, peakMemoryMB }: GenerateBench): string {
  const lines = batches.map(
    ({ batch, prefill, decode }) => `  batch ${batch}: prompts ${both(prefill)}, new ${both(decode)}\n`,
  )
  const { count, shared, own, new: fresh, rate } = candidates
  return [
    `${decode}, ${promptTokens} + ${newTokens} tokens, ${threads} threads: tokens/s, best (median)\n`,
    ...lines,
    `  ${count} candidates behind ${shared} shared tokens, ${own} + ${fresh} of their own: new ${both(rate)}\n`,
    `  peak memory ${peakMemoryMB.toFixed(0)} MB\n`,
  ].join('')
}

function comparisonText(rows: readonly LlamaRow[]): string {
  return rows
    .map(
      ({ batch, fedpit, llama, ratio, prefillRatio }) =>
        `batch ${batch}: fedpit ${both(fedpit)}, llama.cpp ${both(llama)} new tokens/s; ratio ${both(ratio, 2)}, of prompts ${both(prefillRatio, 2)}\n`,
    )
    .join('')
}

function form(value: string): 'f32' | 'int8' {
  if (value === 'f32' || value === 'int8') return value
  throw inputError('bench.decode', `Cannot measure: expected --decode f32, int8 or both, got ${value}`)
}
