/**
 * Demonstrations (J 3.3): drawn at random, in random order, as many as fit. The paper draws eight whole examples; eight
 * long documents would not leave room for an answer, or would be longer than the model's context.
 */
import { inputError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import type { Engine } from '../engine/contract.ts'

export interface DemonstrationParts {
  readonly engine: Pick<Engine, 'tokenize'>
  readonly random: Random
  /** Demonstrations of a prompt, and the tokens that they may take together. */
  readonly most: number
  readonly tokens: number
  readonly signal?: AbortSignal
}

/** Gives one draw a call. Throws `fedpit.demonstrations` where not even the shortest item fits. */
export async function createDraw<T>(
  items: readonly T[],
  textOf: (item: T) => string,
  { engine, random, most, tokens, signal }: DemonstrationParts,
): Promise<() => T[]> {
  const lengths = (await engine.tokenize(items.map(textOf), signal)).map(({ length }) => length)
  const fitting = items.flatMap((item, i) => {
    const length = lengths[i] as number
    return length <= tokens ? [{ item, length }] : []
  })
  if (fitting.length === 0) {
    throw inputError(
      'fedpit.demonstrations',
      `Cannot show examples to the model: expected one of at most ${tokens} tokens (fedpit.demonstrationTokens), the shortest has ${Math.min(...lengths)}`,
      { tokens },
    )
  }
  return () => {
    let room = tokens
    const drawn: T[] = []
    for (const { item, length } of random.shuffle(fitting)) {
      if (drawn.length === most) break
      if (length > room) continue
      room -= length
      drawn.push(item)
    }
    return drawn
  }
}
