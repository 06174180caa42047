/**
 * Selection (J 3.4): candidates are ranked by the instruction-following score L(y|x) / L(y), with the mean loss a token
 * under the *local* model. Low is good: there the task really helps to predict the response. (IFD, arXiv 2308.12032, is
 * the same ratio used the other way round.) A model that scores its own samples makes training collapse, so the
 * generator never does it.
 */
import type { Example } from '../data/example.ts'
import type { Engine, Prompt, Score } from '../engine/contract.ts'
import type { LocalAdapter } from '../lora/adapter.ts'
import { wholeText } from './filters.ts'

/** Of a response, with the end-of-turn token: below it L(y) says nothing. */
const fewestTokens = 2

export interface Scored {
  readonly example: Example
  /** Undefined where the response is too short or a loss is not a number. */
  readonly ifs: number | undefined
}

export async function instructionFollowingScores(
  candidates: readonly Example[],
  scorer: LocalAdapter,
  engine: Pick<Engine, 'score'>,
  promptOf: (example: Example) => Prompt,
  signal?: AbortSignal,
): Promise<Scored[]> {
  const samples = candidates.flatMap((example) => [
    { prompt: promptOf(example), response: example.response },
    { prompt: '', response: example.response },
  ])
  const scores = await engine.score({ samples, adapter: scorer }, signal)
  return candidates.map((example, i) => ({ example, ifs: ratio(scores[2 * i], scores[2 * i + 1]) }))
}

function ratio(given: Score | undefined, alone: Score | undefined): number | undefined {
  if (given === undefined || alone === undefined || given.tokens < fewestTokens) return undefined
  const ifs = given.loss / given.tokens / (alone.loss / alone.tokens)
  return Number.isFinite(ifs) ? ifs : undefined
}

/** The lowest scores below 1; equal ones in the order of their texts, so that a replay selects the same set. */
export function selectLowest(scored: readonly Scored[], keep: number): Example[] {
  return scored
    .flatMap(({ example, ifs }) => (ifs === undefined || ifs >= 1 ? [] : [{ example, ifs, text: wholeText(example) }]))
    .sort((a, b) => a.ifs - b.ifs || (a.text < b.text ? -1 : 1))
    .slice(0, keep)
    .map(({ example }) => example)
}
