/**
 * Decoding with a cache: prompts in, completions out. What all prompts begin with is computed once and kept once; rows
 * that finish make room for prompts that wait. What one prompt is answered depends on the seed and its index alone.
 *
 * @example
 * const generator = createGenerator(checkpoint, tokenizer, { decode: 'f32', device: 'cpu', threads: 2 })
 * const [completion] = await generator.generate({ prompts: [ids], sampling })
 * await generator.close()
 */
import { inputError } from '../core/errors.ts'
import { createRandom } from '../core/random.ts'
import type { Adapter } from '../lora/adapter.ts'
import { adapterLayout } from '../lora/layout.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import type { Provider } from '../onnx/session.ts'
import { admits, prefillGroups, seats } from './batch-plan.ts'
import { commonPrefix } from './common-prefix.ts'
import { type DecodeModel, decodeStep, grownSize } from './decode.ts'
import { openInt8Linears } from './int8-linears.ts'
import { KvCache } from './kv-cache.ts'
import { emptyPast, extend, type PrefillModel, pieceTokens, prefillBatch, prefillRow } from './prefill.ts'
import type { Completion, GenerateRequest, TokenEvent, TokenText } from './request.ts'
import { createRotaryFeeds } from './rotary-feeds.ts'
import { checkSampling, createSampler, isPureGreedy } from './sampling.ts'
import { createSequence, type Sequence } from './sequence.ts'
import { createSessions, type Sessions } from './sessions.ts'

export type GeneratorOptions = DecodeWeights & {
  readonly device: Provider
  readonly threads: number
  /** Sequences decoded together; 32 unless given. */
  readonly batch?: number
}

/** Weights of decoding: int8 is faster, f32 exact. Prompts are computed in f32. */
export type DecodeWeights =
  | { readonly decode: 'f32' }
  /** The folder keeps the 8-bit form. */
  | { readonly decode: 'int8'; readonly cacheFolder: string }

export interface Generator {
  /** Completions in the order of the prompts. `signal` is honoured between two tokens. */
  generate(request: GenerateRequest, signal?: AbortSignal, onToken?: (event: TokenEvent) => void): Promise<Completion[]>
  close(): Promise<void>
}

/** A shorter common prefix costs more than it saves: decoding with one takes more steps in every layer. */
const leastPrefix = 32

export function createGenerator(checkpoint: Checkpoint, text: TokenText, options: GeneratorOptions): Generator {
  const { config } = checkpoint
  const rotary = createRotaryFeeds(config)
  let opened: Promise<Sessions> | undefined
  const sessions = (): Promise<Sessions> => {
    if (opened !== undefined) return opened
    const opening = openSessions(checkpoint, options)
    opened = opening
    // What kept them from opening (a full disk) may be gone the next time.
    opening.catch(() => {
      if (opened === opening) opened = undefined
    })
    return opening
  }
  return {
    async generate({ prompts, adapter, sampling }, signal, onToken) {
      checkSampling(sampling)
      checkPrompts(prompts, config.maxPositions)
      checkAdapter(adapter, checkpoint)
      if (prompts.length === 0) return []
      const common = prompts.length > 1 ? commonPrefix(prompts) : 0
      const shared = common >= leastPrefix ? common : 0
      const random = createRandom(sampling.seed)
      const draw = createSampler(sampling, config.vocabSize)
      const sequences = prompts.map((prompt, index) => {
        const room = Math.min(sampling.maxNewTokens, config.maxPositions - prompt.length)
        return createSequence({
          ...{ index, prompt, prefix: shared, draw, stop: sampling.stop, room, text },
          random: random.derive(`prompt ${index}`),
        })
      })
      const open = await sessions()
      const given = { rotary, ...(adapter && { adapter }) }
      const prefill: PrefillModel = { ...given, config, session: (behind) => open.prefill(adapter?.config, behind) }
      const prefix = emptyPast(config)
      if (shared > 0) await prefillPrefix(prefill, (prompts[0] as readonly number[]).slice(0, shared), prefix, signal)
      const decode: DecodeModel = {
        ...given,
        session: await open.decode(adapter?.config, shared > 0),
        ...(shared > 0 && { prefix }),
      }
      const longest = Math.max(...sequences.map(({ own }) => own.length)) + sampling.maxNewTokens
      await run({
        ...{ prefill, decode, prefix, sequences },
        seats: seats(longest, 8 * config.layers * config.kvHeads * config.headDim, options.batch ?? 32),
        greedy: isPureGreedy(sampling),
        ...(signal && { signal }),
        show: (prompt, piece) => {
          if (piece !== '') onToken?.({ prompt, text: piece })
        },
      })
      return sequences.map(({ completion }) => completion as Completion)
    },
    async close() {
      const closing = opened
      opened = undefined
      const open = await closing?.catch(() => undefined)
      await open?.close()
    },
  }
}

interface Run {
  readonly prefill: PrefillModel
  readonly decode: DecodeModel
  readonly prefix: KvCache
  readonly sequences: readonly Sequence[]
  readonly seats: number
  readonly greedy: boolean
  readonly signal?: AbortSignal
  readonly show: (prompt: number, text: string) => void
}

/** Until every sequence is finished: let waiting ones in, decode one token of each. Row i of the cache is active[i]. */
async function run({ prefill, decode, prefix, sequences, seats, greedy, signal, show }: Run): Promise<void> {
  const own = new KvCache(prefill.config)
  const active: Sequence[] = []
  const waiting = [...sequences]
  const vocabulary = prefill.config.vocabSize

  const advance = (sequence: Sequence, from: Float32Array | number) => show(sequence.index, sequence.advance(from))
  const retire = (): void => {
    for (let row = active.length - 1; row >= 0; row--) {
      if (active[row]?.completion === undefined) continue
      own.removeRow(row)
      const last = active.pop() as Sequence
      if (row < active.length) active[row] = last
    }
  }
  const admit = async (entering: readonly Sequence[]): Promise<void> => {
    const longest = Math.max(...entering.map((sequence) => sequence.own.length))
    own.reserve(active.length + entering.length, grownSize(longest))
    for (const group of prefillGroups(entering)) {
      signal?.throwIfAborted()
      const rows = group.map((sequence) => ({ sequence, row: own.addRow() }))
      active.push(...group)
      const [first] = rows
      if (first !== undefined && first.sequence.own.length > pieceTokens) {
        const { sequence, row } = first
        const keep = (made: Parameters<KvCache['append']>[1], count: number) => own.append(row, made, 0, count)
        advance(sequence, await prefillRow(prefill, sequence.own, prefix, keep, signal))
        continue
      }
      const tokens = group.map((sequence) => sequence.own)
      const { logits, rows: made } = await prefillBatch(prefill, tokens, prefix)
      rows.forEach(({ sequence, row }, i) => {
        own.append(row, made, i, sequence.own.length)
        advance(sequence, logits.subarray(i * vocabulary, (i + 1) * vocabulary))
      })
    }
  }

  while (active.length + waiting.length > 0) {
    signal?.throwIfAborted()
    const entering = waiting.splice(0, admits(waiting.length, active.length, seats))
    if (entering.length > 0) await admit(entering)
    else {
      const fed = active.map(({ last }) => last)
      const made = await decodeStep(decode, own, fed, greedy ? 'next' : 'logits')
      active.forEach((sequence, row) => {
        const from = made instanceof Float32Array ? made.subarray(row * vocabulary, (row + 1) * vocabulary) : made[row]
        advance(sequence, from instanceof Float32Array ? from : Number(from))
      })
    }
    retire()
  }
}

/** Prefills what all prompts share into `prefix`. */
async function prefillPrefix(
  model: PrefillModel,
  tokens: readonly number[],
  prefix: KvCache,
  signal: AbortSignal | undefined,
): Promise<void> {
  await prefillRow(model, tokens, prefix.clone(), (rows, count) => extend(prefix, rows, count), signal)
}

async function openSessions(stored: Checkpoint, options: GeneratorOptions): Promise<Sessions> {
  const { device, threads } = options
  if (options.decode === 'f32') return createSessions(stored, { device, threads })
  const { checkpoint, linears } = await openInt8Linears(stored, options.cacheFolder)
  return createSessions(checkpoint, { device, threads, linears })
}

function checkPrompts(prompts: GenerateRequest['prompts'], maxPositions: number): void {
  prompts.forEach(({ length }, i) => {
    if (length === 0)
      throw inputError('generation.prompt-empty', `Cannot generate: expected prompt ${i} to have tokens, got none`)
    if (length >= maxPositions)
      throw inputError(
        'generation.prompt-too-long',
        `Cannot generate: expected prompt ${i} to have fewer than ${maxPositions} tokens, got ${length}`,
        { prompt: i, length, maxPositions },
      )
  })
}

function checkAdapter(adapter: Adapter | undefined, { config }: Checkpoint): void {
  if (adapter === undefined) return
  const { total } = adapterLayout(adapter.config, config)
  if (adapter.parameters.length !== total)
    throw inputError(
      'generation.adapter',
      `Cannot generate: expected an adapter of ${total} numbers, got ${adapter.parameters.length}`,
    )
}
