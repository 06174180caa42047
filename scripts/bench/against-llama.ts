/** Alternates our decoding with llama.cpp's llama-batched-bench, each time as a whole process. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GenerateBench } from './generate-measure.ts'
import type { Summary } from './timings.ts'

export interface LlamaOptions {
  /** Path of llama-batched-bench, and a GGUF file of the same model in the same precision. */
  readonly bench: string
  readonly gguf: string
  readonly batches: readonly number[]
  readonly promptTokens: number
  readonly newTokens: number
  readonly threads: number
  readonly alternations: number
  /** Arguments of our side: model, form of the weights and the sizes above. */
  readonly own: readonly string[]
  readonly note: (line: string) => void
}

export interface LlamaRow {
  readonly batch: number
  readonly fedpit: Summary
  readonly llama: Summary
  /** Of new tokens/s, and of prompt tokens/s. */
  readonly ratio: Summary
  readonly prefillRatio: Summary
}

type Rates = ReadonlyMap<number, { readonly prefill: number; readonly decode: number }>

export async function againstLlama(options: LlamaOptions): Promise<LlamaRow[]> {
  const { batches, alternations, note } = options
  const ours: Rates[] = []
  const theirs: Rates[] = []
  for (let i = 0; i < alternations; i++) {
    ours.push(await runOurs(options.own))
    theirs.push(await runLlama(options))
    const both = batches.map(
      (batch) => `${ours.at(-1)?.get(batch)?.decode.toFixed(0)}:${theirs.at(-1)?.get(batch)?.decode.toFixed(0)}`,
    )
    note(`alternation ${i + 1} of ${alternations}: new tokens/s, ours:llama.cpp, ${both.join(' ')}`)
  }
  return batches.map((batch) => {
    const summary = (runs: readonly Rates[], what: 'prefill' | 'decode') =>
      ofRates(runs.map((run) => run.get(batch)?.[what] ?? Number.NaN))
    const [fedpit, llama] = [summary(ours, 'decode'), summary(theirs, 'decode')]
    const prefillRatio = over(summary(ours, 'prefill'), summary(theirs, 'prefill'))
    return { batch, fedpit, llama, ratio: over(fedpit, llama), prefillRatio }
  })
}

async function runOurs(own: readonly string[]): Promise<Rates> {
  const script = join(import.meta.dirname, '../bench-generate.ts')
  const { stdout } = await run(process.execPath, [script, ...own, '--format', 'json'])
  const { results }: { results: GenerateBench[] } = JSON.parse(stdout)
  return new Map(
    results.flatMap(({ batches }) =>
      batches.map(({ batch, prefill, decode }) => [batch, { prefill: prefill.median, decode: decode.median }]),
    ),
  )
}

async function runLlama({ bench, gguf, batches, promptTokens, newTokens, threads }: LlamaOptions): Promise<Rates> {
  const context = Math.max(...batches) * (promptTokens + newTokens)
  const numbers = { c: context, b: 512, ub: 512, npp: promptTokens, ntg: newTokens, npl: batches.join(','), t: threads }
  const flags = Object.entries(numbers).flatMap(([flag, value]) => [`-${flag}`, String(value)])
  const { stdout } = await run(bench, ['-m', gguf, ...flags, '--output-format', 'jsonl'])
  const rows = stdout.split('\n').filter((line) => line.startsWith('{'))
  return new Map(
    rows.map((row) => {
      const {
        pl,
        speed_pp: prefill,
        speed_tg: decode,
      }: Record<'pl' | 'speed_pp' | 'speed_tg', number> = JSON.parse(row)
      return [pl, { prefill, decode }]
    }),
  )
}

function run(command: string, args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(command, [...args], { maxBuffer: 1 << 26 })
}

function ofRates(rates: readonly number[]): Summary {
  const sorted = rates.toSorted((a, b) => b - a)
  return { best: sorted[0] ?? Number.NaN, median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN }
}

function over(ours: Summary, theirs: Summary): Summary {
  return { best: ours.best / theirs.best, median: ours.median / theirs.median }
}
