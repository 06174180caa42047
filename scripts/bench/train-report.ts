/** What `bench:train` prints for people: the best of each figure, and the median in brackets. */
import type { PytorchText } from './against-pytorch.ts'
import type { Comparison, Side } from './comparison.ts'
import type { TextBench } from './text-measure.ts'
import type { Summary } from './timings.ts'
import type { Rate, TrainBench } from './train-measure.ts'

export interface Sizes {
  readonly batch: number
  readonly length: number
  readonly rank: number
  readonly targets: string
  readonly threads: number
}

export function stepReport(sizes: Sizes, { train, forward, matmul, ofPeak, peakMemoryMB }: TrainBench): string {
  const { batch, length, rank, targets, threads } = sizes
  const line = (name: string, rate: Rate) =>
    `${name}  ${both(rate.ms)} ms  ${both(rate.tokensPerSecond)} tokens/s  ${both(rate.gflops)} GF/s\n`
  return [
    `batch ${batch}x${length}, LoRA r ${rank} on ${targets}, float32, ${threads} threads: best (median)\n`,
    line('training step', train),
    forward === undefined ? '' : line('forward, loss', forward),
    matmul === undefined ? '' : `2048³ product  ${both(matmul.packed)} GF/s packed, ${both(matmul.plain)} plain\n`,
    ofPeak === undefined ? '' : `step / product  ${both(ofPeak.packed, 3)} packed, ${both(ofPeak.plain, 3)} plain\n`,
    `peak memory  ${peakMemoryMB.toFixed(0)} MB\n`,
  ].join('')
}

export function textReport({ batch, length }: Sizes, bench: TextBench): string {
  const { samples, labelled, tokensPerSecond, firstEpochTokensPerSecond, peakMemoryMB } = bench
  return [
    `${samples} samples of at most ${length} positions, batch ${batch}, ${labelled} labelled tokens\n`,
    `${both(tokensPerSecond)} tokens/s without padding, ${firstEpochTokensPerSecond.toFixed(0)} in the first epoch; `,
    `peak memory ${peakMemoryMB.toFixed(0)} MB; ${learning(bench)}\n`,
  ].join('')
}

export function pytorchTextReport(pytorch: PytorchText): string {
  const { torch, warmUpSeconds } = pytorch
  return `PyTorch ${torch}: ${warmUpSeconds.toFixed(0)} s for the first epoch, left out; ${learning(pytorch)}\n`
}

export function comparisonReport({ fedpit, pytorch, ratio }: Comparison): string {
  const line = (name: string, { tokensPerSecond, peakMemoryMB }: Side) =>
    `${name}  ${both(tokensPerSecond)} tokens/s  ${peakMemoryMB.toFixed(0)} MB\n`
  return [
    line('fedpit ', fedpit),
    line('pytorch', pytorch),
    `ratio    ${both(ratio.tokensPerSecond, 2)}  memory ${ratio.peakMemory.toFixed(2)}\n`,
  ].join('')
}

function learning({ computedPerToken, loss }: Pick<TextBench, 'computedPerToken' | 'loss'>): string {
  return `${computedPerToken.toFixed(2)} positions computed for each token; loss ${loss.toFixed(3)}`
}

function both({ best, median }: Summary, digits = 0): string {
  return `${best.toFixed(digits)} (${median.toFixed(digits)})`
}
