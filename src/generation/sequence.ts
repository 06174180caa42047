/** One prompt on its way to a completion: what was drawn, what may still come, and what may be shown of it. */
import type { Random } from '../core/random.ts'
import type { Completion, Sampling, TokenText } from './request.ts'
import type { DrawToken } from './sampling.ts'
import { createStopMatcher } from './stop-matcher.ts'

export interface Sequence {
  /** Index of its prompt. */
  readonly index: number
  /** Tokens behind the shared prefix. */
  readonly own: readonly number[]
  /** The token that was drawn last, to be fed next. */
  readonly last: number
  /** Set once it is finished. */
  readonly completion: Completion | undefined
  /** Draws from one row of logits, which it changes, or takes the best token that the graph found. Gives new text. */
  advance(from: Float32Array | number): string
}

export interface SequenceOptions {
  readonly index: number
  readonly prompt: readonly number[]
  readonly prefix: number
  readonly draw: DrawToken
  readonly stop: Sampling['stop']
  /** New tokens that fit behind the prompt. */
  readonly room: number
  /** A stream of its own: what a prompt is answered does not depend on the others. */
  readonly random: Random
  readonly text: TokenText
}

export function createSequence({ index, prompt, prefix, draw, stop, room, random, text }: SequenceOptions): Sequence {
  const seen = new Set(prompt)
  const ids: number[] = []
  const stream = text.stream()
  const stops = createStopMatcher(stop)
  let shown = ''
  let completion: Completion | undefined

  const show = (piece: string): string => {
    shown += piece
    return piece
  }
  const finish = (finish: Completion['finish']): void => {
    completion = { text: shown, ids, tokens: ids.length, finish }
  }
  /** The end without a stop text: what was held back counts, unless it completes one. */
  const close = (reason: Completion['finish'], before: string): string => {
    const { text: rest, stopped } = stops.push(stream.flush())
    const piece = show(before + rest + (stopped ? '' : stops.flush()))
    finish(stopped ? 'stop' : reason)
    return piece
  }

  return {
    index,
    own: prompt.slice(prefix),
    get last() {
      return ids.at(-1) as number
    },
    get completion() {
      return completion
    },
    advance(from) {
      const id = typeof from === 'number' ? from : draw(from, seen, random)
      ids.push(id)
      seen.add(id)
      if (text.ends.includes(id)) return close('end', '')
      const { text: piece, stopped } = stops.push(stream.push(id))
      if (stopped) {
        show(piece)
        finish('stop')
        return piece
      }
      return ids.length >= room ? close('length', piece) : show(piece)
    },
  }
}
