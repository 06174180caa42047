/** An engine that answers by a script: what the method asks of a model can be read off, without a model. */
import type { Completion, Engine, GenerateRequest, ScoreRequest, TrainRequest } from '../../../src/engine/contract.ts'
import { asGlobal } from '../../../src/lora/adapter.ts'
import { createAdapter } from '../../../src/lora/create.ts'

export interface Script {
  /** The `n`-th instruction that is asked for. */
  task(n: number): string
  /** What follows the task's lines in a response prompt; `attempt` counts the prompts for this task. */
  response(task: string, attempt: number): string
  /** Loss of a response with and without its prompt. */
  loss?(response: string, prompted: boolean): number
}

export interface Asked {
  readonly generate: GenerateRequest[]
  readonly score: ScoreRequest[]
  readonly train: TrainRequest[]
}

export function scriptedEngine(script: Script): {
  engine: Pick<Engine, 'generate' | 'score' | 'tokenize' | 'train'>
  asked: Asked
} {
  const asked: Asked = { generate: [], score: [], train: [] }
  const attempts = new Map<string, number>()
  let tasks = 0
  const complete = (prompt: string): Completion => {
    const task = /Task: ([^\n]*)(?:\nInput: [^\n]*)?\n$/.exec(prompt)?.[1]
    if (task === undefined) return { text: ` ${script.task(tasks++)}`, tokens: 5, finish: 'stop' }
    const attempt = (attempts.get(task) ?? 0) + 1
    attempts.set(task, attempt)
    return { text: script.response(task, attempt), tokens: 5, finish: 'stop' }
  }
  return {
    asked,
    engine: {
      generate: async (request) => {
        asked.generate.push(request)
        return request.prompts.map((prompt) => complete(String(prompt)))
      },
      /** One token a word. */
      tokenize: async (texts) =>
        texts.map((text) =>
          String(text)
            .split(/\s+/)
            .map((_, i) => i),
        ),
      score: async (request) => {
        asked.score.push(request)
        return request.samples.map(({ prompt, response }) => ({
          loss: 3 * (script.loss?.(response, prompt !== '') ?? (prompt === '' ? 2 : 1)),
          tokens: 3,
        }))
      },
      train: async (request) => {
        asked.train.push(request)
        const parameters = request.init.parameters.map((x) => x + request.samples.length)
        return {
          adapter: { config: request.init.config, parameters },
          losses: [1],
          tokens: { labelled: 1, fed: 1, computed: 1 },
          truncated: 0,
        }
      },
    },
  }
}

/** A small adapter to start from. */
export const start = asGlobal(
  createAdapter(
    { rank: 2, alpha: 4, targets: ['q'], rslora: false },
    {
      family: 'llama',
      hiddenSize: 8,
      intermediateSize: 8,
      layers: 1,
      heads: 2,
      kvHeads: 1,
      headDim: 4,
      vocabSize: 8,
      normEpsilon: 1e-5,
      rope: { theta: 1e4 },
      tiedHead: true,
      qkvBias: false,
      maxPositions: 64,
    },
    'seed',
  ),
)
