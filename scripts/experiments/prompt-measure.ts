/** One cell of `experiment:prompts`: one way of asking, on the private examples of one peer. */
import { createRandom } from '../../src/core/random.ts'
import type { Example } from '../../src/data/example.ts'
import type { Engine } from '../../src/engine/contract.ts'
import { createDraw } from '../../src/fedpit/demonstrations.ts'
import { badInstruction, createSimilarityFilter, type Rejection } from '../../src/fedpit/filters.ts'
import type { FedPitSettings } from '../../src/fedpit/hyper-parameters.ts'
import { asSynthetic, trainGlobal } from '../../src/fedpit/isolation.ts'
import { instructionPrompt, instructionStops, oneLine, trainingPrompt } from '../../src/fedpit/prompts.ts'
import { selfGenerate } from '../../src/fedpit/self-generation.ts'
import type { GlobalAdapter } from '../../src/lora/adapter.ts'

export interface Peer {
  readonly name: string
  readonly examples: readonly Example[]
  readonly heldOut: readonly Example[]
}

export interface Bench {
  readonly engine: Engine
  readonly chat: boolean
  /** Of the model. */
  readonly maxPositions: number
  /** B zero: the untuned model. */
  readonly start: GlobalAdapter
  readonly seed: string
}

export interface GenerationFigures {
  readonly tried: number
  readonly accepted: number
  readonly rejected: Readonly<Partial<Record<Rejection, number>>>
  readonly seconds: number
  /** Accepted examples whose response is more than 0.7 like a private one, and those where it is the same. */
  readonly responses: { readonly similar: number; readonly same: number }
  /** Nats a response token on the held-out examples, before and after training on the accepted ones alone. */
  readonly loss: { readonly before: number; readonly after: number }
}

/** One wave of self-generation, and what its examples teach. */
export async function measureGeneration(
  peer: Peer,
  settings: FedPitSettings,
  { engine, chat, maxPositions, start, seed }: Bench,
): Promise<GenerationFigures> {
  const started = performance.now()
  const random = createRandom(`${seed}/${peer.name}`)
  const { candidates, tried, rejected } = await selfGenerate(peer.examples, start, {
    engine,
    settings,
    maxPositions,
    random,
  })
  const seconds = (performance.now() - started) / 1000
  const promptOf = (example: Example) => trainingPrompt(example, chat)
  const lossOf = async (adapter: GlobalAdapter): Promise<number> => {
    const samples = peer.heldOut.map((example) => ({ prompt: promptOf(example), response: example.response }))
    const scores = await engine.score({ samples, adapter })
    return scores.reduce((sum, { loss }) => sum + loss, 0) / scores.reduce((sum, { tokens }) => sum + tokens, 0)
  }
  const options = settings.training
  const trained = await trainGlobal(start, 'B', asSynthetic(candidates), { engine, promptOf, options, seed })
  const own = createSimilarityFilter(peer.examples.map(({ response }) => response))
  const nearest = candidates.map(({ response }) => own.nearest(response))
  return {
    tried,
    accepted: candidates.length,
    rejected,
    seconds,
    responses: {
      similar: nearest.filter((f) => f > settings.mostSimilar).length,
      same: nearest.filter((f) => f === 1).length,
    },
    loss: { before: await lossOf(start), after: await lossOf(trained) },
  }
}

/** How demonstrations reach a wave of phase A: one draw for all, or one each, sampled or greedy as in the paper. */
export const drawings = {
  'one draw, sampled': { own: false, greedy: false },
  'own draws, sampled': { own: true, greedy: false },
  'own draws, greedy': { own: true, greedy: true },
} as const

export interface DrawingFigures {
  readonly tried: number
  /** New tasks that pass the format and diversity filters. */
  readonly accepted: number
  readonly seconds: number
}

export async function measureDrawing(
  peer: Peer,
  settings: FedPitSettings,
  { own, greedy }: { readonly own: boolean; readonly greedy: boolean },
  { engine, start, seed }: Bench,
): Promise<DrawingFigures> {
  const random = createRandom(`${seed}/${peer.name}`)
  const tasks = peer.examples.map(({ instruction }) => instruction)
  const [most, tokens] = [settings.demonstrations, settings.demonstrationTokens]
  const draw = await createDraw(tasks, (task) => task, { engine, random, most, tokens })
  const shared = draw.next()
  const prompts = Array.from({ length: settings.candidates }, () =>
    instructionPrompt(own ? draw.next() : shared, settings.prompts),
  )
  const sampling = {
    temperature: greedy ? 0 : settings.temperature,
    topK: 0,
    topP: settings.topP,
    repetitionPenalty: 1,
    maxNewTokens: settings.instructionTokens,
    stop: instructionStops,
    seed,
  }
  const started = performance.now()
  const completions = await engine.generate({ prompts, adapter: start, sampling })
  const seconds = (performance.now() - started) / 1000
  const known = createSimilarityFilter(tasks)
  const accepted = completions.filter(({ text, finish }) => {
    const task = oneLine(text)
    if (badInstruction(task, finish !== 'length') || known.nearest(task) > settings.mostSimilar) return false
    known.add(task)
    return true
  })
  return { tried: prompts.length, accepted: accepted.length, seconds }
}
