/**
 * The engine itself, in the process that calls it. Requests must not overlap (host.ts and share.ts see to that), and
 * computing blocks the event loop: a peer uses start.ts, which puts this into a process of its own.
 */
import { localError } from '../core/errors.ts'
import { createAdapter } from '../lora/create.ts'
import type { Engine } from './contract.ts'
import { encodePrompt } from './encode.ts'
import { type OpenModel, type OpenModelOptions, openModel } from './open-model.ts'
import { score } from './score.ts'
import { train } from './train.ts'

export function createLocalEngine(options: OpenModelOptions): Engine {
  let open: OpenModel | undefined
  const model = (): OpenModel => {
    if (open === undefined)
      throw localError('engine.not-open', 'Cannot use the engine: expected an open model, got none')
    return open
  }
  /** Whatever closing comes to, what was open is not used again. */
  const close = async (): Promise<void> => {
    const closing = open
    open = undefined
    await closing?.close()
  }
  return {
    open: async (reference, signal) => {
      await close()
      open = await openModel(reference, options, signal)
      return open.info
    },
    generate: async ({ prompts, adapter, sampling }, signal, onToken) => {
      const { tokenizer, generator } = model()
      const ids = prompts.map((prompt) => encodePrompt(tokenizer, prompt))
      const request = { prompts: ids, sampling, ...(adapter === undefined ? {} : { adapter }) }
      const completions = await generator.generate(request, signal, onToken)
      return completions.map(({ text, tokens, finish }) => ({ text, tokens, finish }))
    },
    score: async (request, signal) => score(model(), request, signal),
    train: async (request, signal, onStep) => train(model(), request, signal, onStep),
    tokenize: async (texts) => texts.map((text) => encodePrompt(model().tokenizer, text)),
    createAdapter: async (config, seed) => createAdapter(config, model().checkpoint.config, seed),
    close,
  }
}
