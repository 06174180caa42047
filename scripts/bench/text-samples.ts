/** Real text for `bench:train --data`: private examples as token ids with labels on the responses, as `fedpit train`. */
import { readExamples } from '../../src/data/read-examples.ts'
import { encodeSample } from '../../src/engine/encode.ts'
import { trainingPrompt } from '../../src/fedpit/prompts.ts'
import { openTokenizer } from '../../src/tokenizer/open.ts'
import { type TokenSample, truncateSample } from '../../src/training/token-sample.ts'

export async function readTextSamples(file: string, model: string, maxTokens: number): Promise<TokenSample[]> {
  const tokenizer = await openTokenizer(model)
  const { examples } = await readExamples(file)
  return examples.map((example) => {
    const prompt = trainingPrompt(example, tokenizer.hasChatTemplate)
    return truncateSample(encodeSample(tokenizer, { prompt, response: example.response }), maxTokens)
  })
}
