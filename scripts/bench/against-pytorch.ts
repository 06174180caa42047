/** Alternates our training step with PyTorch's, each time as a whole process, so that both meet the same machine. */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Summary } from './timings.ts'
import type { TrainBench } from './train-measure.ts'

export interface Side {
  readonly tokensPerSecond: Summary
  readonly peakMemoryMB: number
}

export interface Comparison {
  readonly fedpit: Side
  readonly pytorch: Side & { readonly torch: string }
  /** Ours over theirs: tokens/s best over best, median over median; peak memory. */
  readonly ratio: { readonly tokensPerSecond: Summary; readonly peakMemory: number }
}

export interface AgainstOptions {
  readonly python: string
  /** Folder of a Hugging Face checkpoint, which both read. */
  readonly folder: string
  /** `--batch 4 --length 128 …`: what both are given. */
  readonly work: readonly string[]
  readonly alternations: number
  readonly note: (line: string) => void
}

export async function againstPytorch(options: AgainstOptions): Promise<Comparison> {
  const { python, folder, work, alternations, note } = options
  const ours: Side[] = []
  const theirs: (Side & { torch: string })[] = []
  for (let i = 0; i < alternations; i++) {
    const script = join(import.meta.dirname, '../bench-train.ts')
    const own = ['--model', folder, ...work, '--step-only', '--format', 'json']
    const bench: TrainBench = await json(process.execPath, [script, ...own])
    ours.push({ tokensPerSecond: bench.train.tokensPerSecond, peakMemoryMB: bench.peakMemoryMB })
    theirs.push(await json(python, [join(import.meta.dirname, 'pytorch-train.py'), folder, ...work]))
    note(`alternation ${i + 1} of ${alternations}: ${rateOf(ours.at(-1))} and ${rateOf(theirs.at(-1))} tokens/s`)
  }
  const [fedpit, pytorch] = [merged(ours), { ...merged(theirs), torch: theirs[0]?.torch ?? '' }]
  return {
    fedpit,
    pytorch,
    ratio: {
      tokensPerSecond: {
        best: fedpit.tokensPerSecond.best / pytorch.tokensPerSecond.best,
        median: fedpit.tokensPerSecond.median / pytorch.tokensPerSecond.median,
      },
      peakMemory: fedpit.peakMemoryMB / pytorch.peakMemoryMB,
    },
  }
}

async function json<T>(command: string, args: readonly string[]): Promise<T> {
  const env = { ...process.env, OMP_NUM_THREADS: String(availableParallelism()) }
  const { stdout } = await promisify(execFile)(command, [...args], { env, maxBuffer: 1 << 24 })
  return JSON.parse(stdout)
}

/** The best run, the median of medians, the largest memory. */
function merged(sides: readonly Side[]): Side {
  const medians = sides.map(({ tokensPerSecond }) => tokensPerSecond.median).sort((a, b) => a - b)
  return {
    tokensPerSecond: {
      best: Math.max(...sides.map(({ tokensPerSecond }) => tokensPerSecond.best)),
      median: medians[Math.floor(medians.length / 2)] ?? Number.NaN,
    },
    peakMemoryMB: Math.max(...sides.map(({ peakMemoryMB }) => peakMemoryMB)),
  }
}

function rateOf(side: Side | undefined): string {
  return side?.tokensPerSecond.median.toFixed(0) ?? ''
}
