/** `fedpit chat`: talk to a model, with or without an adapter. */
import { createInterface } from 'node:readline/promises'
import { inputError } from '../../core/errors.ts'
import type { ChatMessage, Engine, GenerateRequest, ModelInfo, Sampling } from '../../engine/contract.ts'
import type { Adapter } from '../../lora/adapter.ts'
import type { CommandContext, Register } from '../context.ts'
import { addModelOptions, type ModelOptions, parseAmount, parseCount } from '../options.ts'
import { withEngine } from '../with-engine.ts'

interface ChatOptions extends ModelOptions {
  readonly adapter?: string
  readonly system?: string
  readonly temperature: number
  readonly maxTokens: number
  readonly seed: string
}

const examples = `
Examples:
  fedpit chat --model smollm2-135m-instruct
  fedpit chat --adapter fedpit-peer/adapters/local "How do I return a broken lamp?"
  fedpit chat --format json --temperature 0 "What is the capital of France?"`

export const register: Register = (program, context) => {
  addModelOptions(
    program.command('chat').description('talk to a model; without a message, line by line until the input ends'),
  )
    .argument('[message]', 'one message to answer')
    .option('--adapter <name>', 'folder of an adapter in PEFT format, or the name of one that was imported')
    .option('--system <text>', 'system message')
    .option('--temperature <t>', '0 always takes the likeliest token', parseAmount, 0.7)
    .option('--max-tokens <n>', 'longest answer', parseCount, 256)
    .option('--seed <text>', 'same seed, same answers', 'chat')
    .addHelpText('after', examples)
    .action((message: string | undefined, options: ChatOptions) => chat(message, options, context))
}

async function chat(message: string | undefined, options: ChatOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context
  await withEngine(options, context, async ({ engine, info, adapter }) => {
    const talk = createTalk(engine, info, options, adapter, context)
    const turns: Turn[] = []
    if (message !== undefined) turns.push(await talk(message))
    else for await (const line of lines(signal)) turns.push(await talk(line))
    output.result({ model: info.name, device: info.device, turns }, '')
  })
}

interface Turn {
  readonly message: string
  readonly answer: string
  readonly tokens: number
  readonly finish: string
}

/** One turn after the other, each seeing the ones before it. */
function createTalk(
  engine: Engine,
  info: ModelInfo,
  options: ChatOptions,
  adapter: Adapter | undefined,
  { output, signal }: CommandContext,
): (message: string) => Promise<Turn> {
  if (!info.hasChatTemplate) {
    throw inputError('cli.no-chat', `Cannot chat with ${info.name}: expected a chat template, the model has none`)
  }
  const history: ChatMessage[] = options.system === undefined ? [] : [{ role: 'system', content: options.system }]
  return async (message) => {
    history.push({ role: 'user', content: message })
    const sampling: Sampling = {
      temperature: options.temperature,
      topK: 0,
      topP: 0.95,
      repetitionPenalty: 1,
      maxNewTokens: options.maxTokens,
      stop: [],
      seed: `${options.seed}/${history.length}`,
    }
    const request: GenerateRequest = {
      prompts: [[...history]],
      sampling,
      ...(adapter === undefined ? {} : { adapter }),
    }
    const [completion] = await engine.generate(request, signal, ({ text }) => output.stream(text))
    if (completion === undefined) throw new RangeError('Cannot answer: expected one completion, got none')
    output.stream('\n')
    const { text, tokens, finish } = completion
    history.push({ role: 'assistant', content: text })
    return { message, answer: text, tokens, finish }
  }
}

/** What is typed, without empty lines; a person is shown a prompt. */
async function* lines(signal: AbortSignal): AsyncGenerator<string> {
  const terminal = process.stdin.isTTY === true
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal, prompt: '> ' })
  const close = (): void => reader.close()
  // In raw mode a terminal's Ctrl-C reaches readline and not the process.
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  signal.addEventListener('abort', close, { once: true })
  try {
    if (terminal) reader.prompt()
    for await (const line of reader) {
      if (line.trim() !== '') yield line
      if (terminal) reader.prompt()
    }
  } finally {
    signal.removeEventListener('abort', close)
    reader.close()
  }
}
