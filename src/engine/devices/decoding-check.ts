/** Does a provider decode as the processor does? Greedy tokens of a small random model with an adapter are compared. */
import { createRandom } from '../../core/random.ts'
import { createGenerator } from '../../generation/generator.ts'
import { linears } from '../../lora/adapter.ts'
import { createAdapter } from '../../lora/create.ts'
import type { Provider } from '../../onnx/session.ts'
import { writeRandomModel } from './random-model.ts'

/** The penalty keeps the random model from saying one token for ever, which would compare nothing. */
const sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 2, maxNewTokens: 16, stop: [], seed: '' }
/** The random model has no words: only ids are compared. */
const noText = { ends: [], stream: () => ({ push: () => '', flush: () => '' }) }

/** Ids that `device` decodes after two prompts of different lengths, in `folder`. */
export async function greedyIds(device: Provider, folder: string): Promise<number[][]> {
  const checkpoint = await writeRandomModel(folder)
  const random = createRandom('decoding check')
  const config = { rank: 2, alpha: 4, targets: linears, rslora: false }
  const { parameters } = createAdapter(config, checkpoint.config, 'decoding check')
  const adapter = { config, parameters: parameters.map((value) => (value === 0 ? 0.1 * random.normal() : value)) }
  const prompts = [9, 5].map((length) => Array.from({ length }, () => random.below(checkpoint.config.vocabSize)))
  const generator = createGenerator(checkpoint, noText, { decode: 'f32', device, threads: 1 })
  try {
    const completions = await generator.generate({ prompts, adapter, sampling })
    return completions.map(({ ids }) => [...ids])
  } finally {
    await generator.close()
  }
}
