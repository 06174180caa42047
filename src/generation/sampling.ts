/**
 * From one row of logits to one token: repetition penalty, temperature, top-k, top-p (nucleus sampling, arXiv
 * 1904.09751), draw. Names and order are those of Hugging Face's logits processors.
 */
import { inputError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import { heaviest } from './heaviest.ts'
import type { Sampling } from './request.ts'

/** Weights below exp(-25) of the best: 100,000 of them together are one part in a million. */
const negligible = 25

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

/** From one row of logits, which it changes, to a token. `seen` holds the tokens of the prompt and those drawn so far. */
export type DrawToken = (logits: Float32Array, seen: Iterable<number>, random: Random) => number

/** Its scratch memory is made once: a batch draws thousands of tokens from rows as long as the vocabulary. */
export function createSampler(sampling: Sampling, vocabSize: number): DrawToken {
  const { temperature, topK, topP, repetitionPenalty } = sampling
  const scratch = new Int32Array(vocabSize)
  const weights = new Float64Array(vocabSize)
  return (logits, seen, random) => {
    penalise(logits, seen, repetitionPenalty)
    const best = argMax(logits)
    if (temperature === 0) return best
    const greatest = logits[best] as number
    const floor = greatest - negligible * temperature
    let ids = within(logits, topK > 0 ? Math.max(floor, leastMaximum(logits, topK)) : floor, scratch)
    if (topK > 0) ids = heaviest(ids, logits, () => 1, topK)
    let total = 0
    for (const id of ids) {
      const weight = Math.exp(((logits[id] as number) - greatest) / temperature)
      weights[id] = weight
      total += weight
    }
    if (topP < 1) {
      // What is lighter weighs together less than the nucleus may leave out, so the nucleus lies above.
      const bound = ((1 - topP) * total) / ids.length
      let count = 0
      for (const id of ids) if ((weights[id] as number) >= bound) scratch[count++] = id
      ids = heaviest(scratch.subarray(0, count), logits, (id) => weights[id] as number, topP * total)
    }
    return draw(ids, weights, random.next())
  }
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

/**
 * At most the k-th greatest logit, so a bound for top-k found in one pass: the maxima of k stretches are k logits, and
 * all of them reach the least.
 */
function leastMaximum(logits: Float32Array, k: number): number {
  const stretch = Math.floor(logits.length / k)
  let least = stretch === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  for (let i = 0; i < k && stretch > 0; i++) {
    const part = logits.subarray(i * stretch, (i + 1) * stretch)
    least = Math.min(least, part[argMax(part)] as number)
  }
  return least
}

/** Ids of the logits that reach `least`, in the memory of `scratch`. */
function within(logits: Float32Array, least: number, scratch: Int32Array): Int32Array {
  let count = 0
  for (let id = 0; id < logits.length; id++) if ((logits[id] as number) >= least) scratch[count++] = id
  return scratch.subarray(0, count)
}

/** Always in the order of ids: last bits of the logits, which vary with the batch, must not change what is drawn. */
function draw(ids: Int32Array, weights: Float64Array, uniform: number): number {
  let total = 0
  for (const id of ids) total += weights[id] as number
  const target = uniform * total
  let sum = 0
  for (const id of ids) {
    sum += weights[id] as number
    if (target < sum) return id
  }
  return ids.at(-1) as number
}
