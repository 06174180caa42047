/**
 * From one row of logits to one token: repetition penalty, temperature, top-k, top-p (nucleus sampling, arXiv
 * 1904.09751), draw. Names and order are those of Hugging Face's logits processors.
 */
import { inputError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import type { Sampling } from './request.ts'

/** Weights below exp(-30) of the best change no draw of 32 bits. */
const negligible = 30

/** Throws `generation.sampling` for numbers that mean nothing. */
export function checkSampling(sampling: Sampling): void {
  const { temperature, topK, topP, repetitionPenalty, maxNewTokens } = sampling
  const demand = (good: boolean, name: string, expected: string, actual: number) => {
    if (!good)
      throw inputError('generation.sampling', `Cannot generate: expected ${name} to be ${expected}, got ${actual}`)
  }
  demand(temperature >= 0 && Number.isFinite(temperature), 'temperature', '0 or more', temperature)
  demand(Number.isInteger(topK) && topK >= 0, 'topK', 'an integer from 0', topK)
  demand(topP > 0 && topP <= 1, 'topP', 'above 0 and at most 1', topP)
  demand(repetitionPenalty > 0 && Number.isFinite(repetitionPenalty), 'repetitionPenalty', 'above 0', repetitionPenalty)
  demand(Number.isInteger(maxNewTokens) && maxNewTokens >= 1, 'maxNewTokens', 'an integer from 1', maxNewTokens)
}

/** Whether the best logit is all that is wanted, so that the graph itself can find it. */
export function isPureGreedy({ temperature, repetitionPenalty }: Sampling): boolean {
  return temperature === 0 && repetitionPenalty === 1
}

/** `logits` [vocabulary] is changed in place. `seen` holds the tokens of the prompt and those drawn so far. */
export function drawToken(logits: Float32Array, seen: Iterable<number>, sampling: Sampling, random: Random): number {
  penalise(logits, seen, sampling.repetitionPenalty)
  const best = argMax(logits)
  if (sampling.temperature === 0) return best
  const { ids, weights } = candidates(logits, logits[best] as number, sampling)
  return draw(ids, weights, random.next())
}

/** Index of the greatest number, the first of equals. */
export function argMax(numbers: Float32Array): number {
  let best = 0
  let greatest = numbers[0] as number
  for (let i = 1; i < numbers.length; i++) {
    const number = numbers[i] as number
    if (number > greatest) {
      greatest = number
      best = i
    }
  }
  return best
}

/** Divides positive logits and multiplies negative ones, so that both become less likely. */
function penalise(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return
  for (const id of seen) {
    const logit = logits[id] as number
    logits[id] = logit > 0 ? logit / penalty : logit * penalty
  }
}

/** Tokens that may be drawn, ascending by id where nothing had to be sorted, and their unnormalised weights. */
function candidates(logits: Float32Array, best: number, { temperature, topK, topP }: Sampling) {
  const floor = best - negligible * temperature
  const least = topK > 0 && topK < logits.length ? Math.max(floor, kthGreatest(logits, topK)) : floor
  let ids: number[] = []
  for (let id = 0; id < logits.length; id++) if ((logits[id] as number) >= least) ids.push(id)
  if (topK > 0 && ids.length > topK) ids = byLogit(logits, ids).slice(0, topK)
  const weightOf = (id: number) => Math.exp(((logits[id] as number) - best) / temperature)
  let weights = ids.map(weightOf)
  if (topP < 1) {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    // All tokens below this together weigh less than what the nucleus may leave out, so it lies above: sort only that.
    const bound = ((1 - topP) * total) / ids.length
    const upper = byLogit(
      logits,
      ids.filter((_, i) => (weights[i] as number) >= bound),
    )
    ids = nucleus(upper, weightOf, topP * total)
    weights = ids.map(weightOf)
  }
  return { ids, weights }
}

/** The fewest of the heaviest tokens that together reach `mass`. */
function nucleus(sorted: readonly number[], weightOf: (id: number) => number, mass: number): number[] {
  let sum = 0
  const end = sorted.findIndex((id) => {
    sum += weightOf(id)
    return sum >= mass
  })
  return end < 0 ? [...sorted] : sorted.slice(0, end + 1)
}

function byLogit(logits: Float32Array, ids: readonly number[]): number[] {
  return ids.toSorted((a, b) => (logits[b] as number) - (logits[a] as number) || a - b)
}

function draw(ids: readonly number[], weights: readonly number[], uniform: number): number {
  const target = uniform * weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  for (let i = 0; i < ids.length; i++) {
    sum += weights[i] as number
    if (target < sum) return ids[i] as number
  }
  return ids.at(-1) as number
}

/** With a heap of the k greatest so far, its least on top. */
function kthGreatest(numbers: Float32Array, k: number): number {
  const heap = numbers.slice(0, k).sort()
  for (let i = k; i < numbers.length; i++) {
    const number = numbers[i] as number
    if (number > (heap[0] as number)) sink(heap, number)
  }
  return heap[0] as number
}

/** Replaces the top. A sorted array is a heap to begin with. */
function sink(heap: Float32Array, number: number): void {
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++
    if (child >= heap.length || (heap[child] as number) >= number) break
    heap[at] = heap[child] as number
    at = child
  }
  heap[at] = number
}
