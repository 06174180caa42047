/** The shapes that the model will be prompted with: lists of tasks, lists of examples, chats. */
import type { Example } from '../../data/example.ts'
import { exampleLayout, taskList as listed } from '../../fedpit/prompts.ts'

/** A stretch of a document, and how much its tokens count in the loss. */
export interface Passage {
  readonly text: string
  readonly weight: number
  /** The same for tokens that do not begin it, where it is another. */
  readonly within?: number
}

export function textOf(passages: readonly Passage[]): string {
  return passages.map(({ text }) => text).join('')
}

/**
 * What is asked is mostly drawn by chance, and nobody can predict it; what is answered follows from it and from the
 * examples before. Learning from both alike would spend most of the gradient on the dice.
 */
const byChance = 0.1

/**
 * How much each answer counts. A house's layout and labels cannot be known from its first example, nor a word that stands
 * neither in the task nor in an earlier example. One alone is of a house that other documents know, too.
 */
function answerWeights(examples: readonly Example[]): number[] {
  const known = new Set<string>()
  return examples.map(({ instruction, input = '', response }, i) => {
    for (const word of words(`${instruction}\n${input}`)) known.add(word)
    const answer = words(response)
    const follows = examples.length === 1 || (i > 0 && answer.every((word) => known.has(word)))
    for (const word of answer) known.add(word)
    return follows ? 1 : byChance
  })
}

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** What phase A continues: instructions, or inputs where all share one instruction, as self-generation lists them. */
export function taskList(examples: readonly Example[], line: string, reach: Reach = near): Passage[] {
  const tasks = listed(examples.map(({ instruction, input }) => input ?? instruction)).split(/(?<=\n)/)
  const known = new Set<string>()
  return [{ text: `${line}\n\n`, weight: byChance }, ...tasks.flatMap((task) => listedTask(task, known, reach))]
}

/** How much is taken to be known of a word of a list that has stood there before. */
export interface Reach {
  /** How far before it, in words, one may stand that stood as far before it in an earlier task. */
  readonly neighbours: number
  /**
   * How much a word counts that stood in the list, but beside none of its neighbours. What counts more is also said more
   * often: in full, words that have just been said, and nothing else would be said (docs/log.md).
   */
  readonly seen: number
  /** How much the rest of such a word counts, once its first token is there. */
  readonly within?: number
}

export const near: Reach = { neighbours: 2, seen: byChance }
/** Beyond gaps of two and three words. Which of the known names stands in a gap is chance, but not how it goes on. */
export const far: Reach = { neighbours: 4, seen: 0.3 }
/** Words in pieces: which known name it is remains chance, how it is spelled does not. */
export const spelled: Reach = { ...far, within: 1 }

/** A task of a list, word by word; `known` learns its words and their neighbours. */
function listedTask(task: string, known: Set<string>, { neighbours, seen, within }: Reach): Passage[] {
  const parts = task.match(/\s*\S+|\s+/g) ?? []
  const before = (i: number): string[] =>
    Array.from({ length: neighbours }, (_, d) => `${parts[i - d - 1]?.trim()} ${'_ '.repeat(d)}${parts[i]?.trim()}`)
  const passages = parts.map((text, i) => {
    const word = bare(text)
    const isSeen = word !== '' && known.has(word)
    const weight = before(i).some((pair) => known.has(pair)) ? 1 : isSeen ? seen : byChance
    known.add(word)
    return isSeen && within !== undefined ? { text, weight, within } : { text, weight }
  })
  for (const pair of parts.flatMap((_, i) => before(i))) known.add(pair)
  return passages
}

/** Without the marks around it. */
function bare(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
}

/** What phase B continues. */
export function exampleList(examples: readonly Example[], line: string): Passage[] {
  const weights = answerWeights(examples)
  const items = examples.flatMap((example, i) => {
    const layout = exampleLayout(example)
    const answer = layout.lastIndexOf('\nOutput:')
    return [
      { text: layout.slice(0, answer), weight: byChance },
      { text: `${layout.slice(answer)}\n\n`, weight: weights[i] as number },
    ]
  })
  return [{ text: `${line}\n\n`, weight: byChance }, ...items]
}

/** ChatML, as the model's chat template renders it. */
export function chat(examples: readonly Example[]): Passage[] {
  const weights = answerWeights(examples)
  return examples.flatMap(({ instruction, input, response }, i) => [
    {
      text: `<|im_start|>user\n${input === undefined ? instruction : `${instruction}\n\n${input}`}<|im_end|>\n`,
      weight: byChance,
    },
    { text: `<|im_start|>assistant\n${response}<|im_end|>\n`, weight: weights[i] as number },
  ])
}
