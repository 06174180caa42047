/** Real text for `bench:train --data`: JSON lines of instruction, input and output, as token ids with labels. */
import { readFile } from 'node:fs/promises'
import { inputError } from '../../src/core/errors.ts'
import { encodeSample } from '../../src/engine/encode.ts'
import { openTokenizer } from '../../src/tokenizer/open.ts'
import { type TokenSample, truncateSample } from '../../src/training/token-sample.ts'

export async function readTextSamples(file: string, model: string, maxTokens: number): Promise<TokenSample[]> {
  const tokenizer = await openTokenizer(model)
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, i) => {
    const { instruction, input = '', output } = JSON.parse(line)
    if (typeof instruction !== 'string' || typeof input !== 'string' || typeof output !== 'string')
      throw inputError('bench.data', `Cannot read ${file}:${i + 1}: expected texts "instruction" and "output"`)
    const content = input === '' ? instruction : `${instruction}\n\n${input}`
    return truncateSample(encodeSample(tokenizer, { prompt: [{ role: 'user', content }], response: output }), maxTokens)
  })
}
