/**
 * Self-generation (J 3.3): the model writes new tasks like the peer's own by in-context learning, then a response to
 * each. Phase A shows instructions and asks for the next one; phase B shows whole examples and the new instruction.
 *
 * Prompts go out in waves that share their demonstrations, because the engine computes a shared beginning once.
 */
import type { Random } from '../core/random.ts'
import type { Example } from '../data/example.ts'
import type { Engine, Sampling } from '../engine/contract.ts'
import type { Adapter } from '../lora/adapter.ts'
import { createDraw, createNearestFirst } from './demonstrations.ts'
import { badInput, badInstance, badInstruction, createSimilarityFilter, type Rejection, wholeText } from './filters.ts'
import type { FedPitSettings } from './hyper-parameters.ts'
import { type PromptRoom, promptRooms } from './prompt-room.ts'
import {
  exampleLayout,
  instructionPrompt,
  instructionStops,
  oneLine,
  parseResponse,
  responsePrompt,
  responseStops,
  taskList,
} from './prompts.ts'
import {
  createGroupThemes,
  fieldsOf,
  originalTexts,
  ownText,
  type Task,
  type TaskGroup,
  type Theme,
  taskGroups,
  tasksOf,
} from './task-groups.ts'

export interface Generated {
  /** In the order in which they were accepted. */
  readonly candidates: readonly Example[]
  /** Instructions that the model wrote. */
  readonly tried: number
  readonly rejected: Readonly<Partial<Record<Rejection, number>>>
}

export interface SelfGenerationParts {
  readonly engine: Pick<Engine, 'generate' | 'tokenize'>
  readonly settings: FedPitSettings
  /** Of the model: no prompt is longer. */
  readonly maxPositions: number
  readonly random: Random
  readonly signal?: AbortSignal
  readonly onProgress?: (accepted: number, wanted: number) => void
}

/** Prompts decoded together; fewer about one theme, so that there are several of them. */
const waveSizes = { random: 16, alike: 8 }

export async function selfGenerate(
  examples: readonly Example[],
  adapter: Adapter | undefined,
  { engine, settings, maxPositions, random, signal, onProgress }: SelfGenerationParts,
): Promise<Generated> {
  const wanted = settings.candidates
  const mostTries = wanted * settings.triesPerCandidate
  const groups = taskGroups(examples)
  const tasks = tasksOf(examples, groups)
  const instructions = createSimilarityFilter(tasks.map(({ text }) => text))
  // A shared instruction is no copy; inputs and responses under it are, of whichever example a prompt may have shown.
  const originals = createSimilarityFilter(originalTexts(examples, groups))
  const abortable = signal === undefined ? {} : { signal }
  const rooms = await promptRooms(tasks, groups, { engine, settings, maxPositions, ...abortable })
  const roomOf = (group: TaskGroup): PromptRoom => rooms.get(group) as PromptRoom
  const shown = { engine, random, most: settings.demonstrations, tokens: settings.demonstrationTokens, ...abortable }
  const drawTasks = await createDraw(tasks, ({ text }) => taskList([text]), shown)
  const drawExamples = await createDraw(examples, (example) => `${exampleLayout(example)}\n\n`, shown)
  const hasRoom = (group: TaskGroup): boolean => {
    const { tasks, examples } = roomOf(group)
    return drawTasks.fits(group.places, tasks) && drawExamples.fits(group.places, examples)
  }
  const nearestFirst = createNearestFirst(examples.map(wholeText), random)
  const nextTheme = createGroupThemes(
    groups.filter(hasRoom),
    settings.demonstrationChoice === 'alike'
      ? () => {
          const places = nearestFirst()
          return () => places
        }
      : () => () => random.shuffle([...examples.keys()]),
  )
  const accepted = new Map<string, Example>()
  const rejected: Partial<Record<Rejection, number>> = {}
  const reject = (reason: Rejection): [] => {
    rejected[reason] = (rejected[reason] ?? 0) + 1
    return []
  }
  const sample = async (prompts: readonly string[], sampling: Omit<Sampling, 'topK' | 'repetitionPenalty'>) =>
    engine.generate(
      {
        prompts,
        ...(adapter === undefined ? {} : { adapter }),
        sampling: { ...sampling, topK: 0, repetitionPenalty: 1 },
      },
      signal,
    )

  /** Phase A: a wave of new tasks. */
  const newTasks = async (count: number, theme: Theme, seed: string): Promise<Task[]> => {
    const prompt = instructionPrompt(
      drawTasks.next(theme.tasks(), roomOf(theme.group).tasks).map(({ text }) => text),
      settings.prompts,
    )
    const completions = await sample(new Array<string>(count).fill(prompt), {
      temperature: settings.temperature,
      topP: settings.topP,
      maxNewTokens: roomOf(theme.group).written,
      stop: instructionStops,
      seed,
    })
    return completions.flatMap(({ text, finish }) => {
      const written = oneLine(text)
      const isBad = theme.group.shared.under === undefined ? badInstruction : badInput
      if (isBad(written, finish !== 'length')) return reject('format')
      if (instructions.nearest(written) > settings.mostSimilar) return reject('similar')
      instructions.add(written)
      return [{ ...theme.group.shared, text: written }]
    })
  }

  /** Phase B: a response to each task, in up to `attempts` tries with new demonstrations. */
  const answer = async (pending: readonly Task[], theme: Theme, seed: string): Promise<void> => {
    let open = pending
    for (let attempt = 1; open.length > 0; attempt++) {
      const demonstrations = drawExamples.next(theme.examples(), roomOf(theme.group).examples)
      const prompts = open.map((task) => responsePrompt(demonstrations, fieldsOf(task), settings.prompts))
      const completions = await sample(prompts, {
        // Greedy first (J 3.3); the same prompt again would give the same words.
        temperature: attempt === 1 ? 0 : settings.temperature,
        topP: settings.topP,
        maxNewTokens: settings.responseTokens,
        stop: responseStops,
        seed: `${seed}/${attempt}`,
      })
      const again: Task[] = []
      for (const [i, { text, finish }] of completions.entries()) {
        const task = open[i] as Task
        const parsed = parseResponse(text)
        if (parsed === undefined) again.push(task)
        else judge({ ...parsed, ...fieldsOf(task) }, theme, finish !== 'length')
      }
      open = attempt < settings.attempts ? again : []
      if (attempt >= settings.attempts) for (const _ of again) reject('no-response')
    }
  }
  const judge = (example: Example, { group }: Theme, finished: boolean): void => {
    const key = wholeText(example)
    const likeness = originals.nearest(ownText(group.shared)(example))
    if (badInstance(example, finished)) reject('instance')
    else if (likeness > settings.mostSimilar) reject('copied')
    else if (accepted.has(key)) reject('duplicate')
    else accepted.set(key, example)
  }

  let tried = 0
  while (accepted.size < wanted && tried < mostTries) {
    signal?.throwIfAborted()
    // Some will be rejected: ask for a few more than are missing.
    const missing = wanted - accepted.size
    const count = Math.min(waveSizes[settings.demonstrationChoice], mostTries - tried, missing + Math.ceil(missing / 2))
    tried += count
    const seed = `${random.below(2 ** 32)}`
    const theme = nextTheme()
    await answer(await newTasks(count, theme, `${seed}/tasks`), theme, `${seed}/responses`)
    onProgress?.(Math.min(accepted.size, wanted), wanted)
  }
  return { candidates: [...accepted.values()].slice(0, wanted), tried, rejected }
}
