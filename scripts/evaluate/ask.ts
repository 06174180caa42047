/** Greedy answers of an engine, with the settings that all of `evaluate:nano` has in common. */
import type { Example } from '../../src/data/example.ts'
import type { Engine } from '../../src/engine/contract.ts'
import { trainingPrompt } from '../../src/fedpit/prompts.ts'
import type { Adapter } from '../../src/lora/adapter.ts'

export type Asked = Pick<Engine, 'generate'>

const responseTokens = 64

export async function greedy(
  engine: Asked,
  prompts: Parameters<Asked['generate']>[0]['prompts'],
  stop: readonly string[],
  adapter?: Adapter,
): Promise<string[]> {
  const sampling = {
    temperature: 0,
    topK: 0,
    topP: 1,
    repetitionPenalty: 1,
    maxNewTokens: responseTokens,
    stop,
    seed: '',
  }
  const completions = await engine.generate({ prompts, sampling, ...(adapter === undefined ? {} : { adapter }) })
  return completions.map(({ text }) => text)
}

/** The share of examples whose greedy answer in a chat is the right one, letter by letter. */
export async function chatAccuracy(engine: Asked, examples: readonly Example[], adapter?: Adapter): Promise<number> {
  const answers = await greedy(
    engine,
    examples.map((example) => trainingPrompt(example, true)),
    [],
    adapter,
  )
  return answers.filter((answer, i) => answer.trim() === examples[i]?.response).length / examples.length
}
