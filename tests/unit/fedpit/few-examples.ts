/** A few private examples, and a script of a model that writes new tasks and answers them. */
import type { Example } from '../../../src/data/example.ts'
import { fedPitSchema } from '../../../src/fedpit/hyper-parameters.ts'

export const animals = ['horse', 'camel', 'tiger', 'zebra', 'goose', 'whale', 'mouse', 'snake', 'robin', 'trout']
export const examples: Example[] = animals.map((animal, i) => ({
  instruction: `Describe number ${i} the ${animal} for visitors ${i * 7}`,
  response: `Secret ${animal} ${i}`,
}))
const numbers = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen'.split(' ')
/** Of the model that the script stands in for. */
export const maxPositions = 4096
export const settings = fedPitSchema.parse({ candidates: 4, keep: 2 })

/** Tasks that share no word with one another. */
export const freshTask = (n: number) => [0, 1, 2, 3].map((i) => `${numbers[(n * 4 + i) % 14]}${n}`).join(' ')
export const good = { task: freshTask, response: (task: string) => `Output: reply to ${task}` }
