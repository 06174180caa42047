/** A family of tasks: one kind of task in one house, written and checked by the same grammar. */
import type { Random } from '../../core/random.ts'
import type { Example } from '../../data/example.ts'
import { pick } from './draw.ts'
import type { Fields } from './format.ts'
import type { Reading, Sentences } from './grammar.ts'
import type { House } from './house.ts'
import { furthest } from './marks.ts'

export type Split = 'train' | 'heldOut'
export type Task = Pick<Example, 'instruction' | 'input'>

export interface Family {
  readonly id: string
  readonly kind: string
  readonly trade: string
  readonly split: Split
  /** Where its tasks differ, and so what phase A lists: inputs share one instruction. */
  readonly varies: 'instruction' | 'input'
  make(random: Random): Example
  /** The right response, worked out from the task's words; undefined where it is no task of this family. */
  answer(task: Task): string | undefined
  accepts(example: Example): boolean
  /** How far a line of a list is a task of this family: see marks.ts. */
  marks(line: string): string
}

export interface Kind {
  readonly id: string
  tasks(house: House): Tasks
}

export interface Tasks {
  /** Wordings of what is asked; none where the text says it itself. */
  readonly asks: readonly string[]
  readonly texts: Sentences
  solve(reading: Reading): Fields
}

export function createFamily(kind: Kind, house: House, split: Split): Family {
  const { asks, texts, solve } = kind.tasks(house)
  const { trade, format } = house
  const shape = asks.length === 0 ? 'bare' : house.shape
  // Where the text is the input, all of a house's tasks share one instruction, as data of that form do.
  const shared = asks.length === 0 ? '' : pick(house.habit(kind.id), asks)
  const layout = (ask: string, text: string): Task => {
    if (shape === 'input') return { instruction: shared, input: text }
    return { instruction: shape === 'bare' ? text : shape === 'before' ? `${ask} ${text}` : `${text} ${ask}` }
  }
  const textsIn = ({ instruction, input }: Task): string[] => {
    if (input !== undefined) return shape === 'input' && asks.includes(instruction) ? [input] : []
    if (shape === 'bare') return [instruction]
    return asks.flatMap((ask) => {
      if (shape === 'before' && instruction.startsWith(`${ask} `)) return [instruction.slice(ask.length + 1)]
      if (shape === 'after' && instruction.endsWith(` ${ask}`)) return [instruction.slice(0, -ask.length - 1)]
      return []
    })
  }
  const answer = (task: Task): string | undefined => {
    for (const text of textsIn(task)) {
      const reading = texts.read(text)
      if (reading !== undefined) return format(solve(reading))
    }
    return undefined
  }
  return {
    id: `${kind.id}/${trade.id}`,
    kind: kind.id,
    trade: trade.id,
    split,
    varies: shape === 'input' ? 'input' : 'instruction',
    make: (random) => {
      const { text, reading } = texts.write(random)
      const ask = asks.length === 0 ? '' : pick(random, asks)
      return { ...layout(ask, text), response: format(solve(reading)) }
    },
    answer,
    accepts: ({ response, ...task }) => answer(task) === response,
    marks: (line) => {
      if (shape === 'input' || shape === 'bare') return texts.marks(line, '', '')
      if (shape === 'before') return furthest(asks.map((ask) => texts.marks(line, `${ask} `, '')))
      return furthest(asks.map((ask) => texts.marks(line, '', ` ${ask}`)))
    },
  }
}
