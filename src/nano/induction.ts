/**
 * An induction circuit (Olsson et al., arXiv 2209.11895) to begin training with. A head of the first layer writes down
 * which token stands before each one; heads of the second look for places that the present token stands before, and copy
 * what is there. The paper's models found this circuit after 2.5 to 5 billion tokens, and examples in a prompt hardly
 * helped before that; here, from random weights, two million tokens of nothing but repetition did not teach it
 * (docs/log.md). To begin with the structure of trained weights is Trockman and Kolter's idea (arXiv 2305.09828). Training
 * is free to change all of it.
 */
import type { ModelConfig } from '../model/config.ts'

/** Standard deviation of a token's own part of the embedding. Logits of a tied head grow with it. */
const deviation = 0.06
/** The part that all tokens share, in deviations: a head without biases sees positions only through it. */
const shared = 5
/** Frequencies that find the token before, highest first; content is compared with those that turn slowly. */
const [positional, slow] = [3, 6]
/** Logits of the token before and of a match above what does not match, and how much of a token is copied. */
const [before, match, copied] = [12, 16, 8]
/** What stands before a token is written down this much larger than the token itself. */
const written = 1.5

/** Lays the circuit into the `weights` (by Hugging Face name, [out, in]) of a model of two layers or more, in place. */
export function layInduction(config: ModelConfig, weights: ReadonlyMap<string, Float32Array>): void {
  const stream = streamOf(config)
  const matrix = (name: string, columns = config.hiddenSize): Matrix => {
    return { values: weights.get(`model.${name}.weight`) ?? new Float32Array(), columns }
  }
  const attention = (layer: number): Attention => ({
    q: matrix(`layers.${layer}.self_attn.q_proj`),
    k: matrix(`layers.${layer}.self_attn.k_proj`),
    v: matrix(`layers.${layer}.self_attn.v_proj`),
    o: matrix(`layers.${layer}.self_attn.o_proj`, config.heads * config.headDim),
  })
  layEmbedding(matrix('embed_tokens'), stream)
  layTokenBefore(attention(0), config, stream)
  for (let group = 0; group < config.kvHeads; group++) layMatch(attention(1), group, config, stream)
}

interface Matrix {
  readonly values: Float32Array
  readonly columns: number
}

type Attention = Record<'q' | 'k' | 'v' | 'o', Matrix>

/** The residual stream: one shared number, the token's own numbers, a stretch of the token before, and room. */
interface Stream {
  readonly own: number
  /** Where the stretch of the token before begins. */
  readonly previous: number
  /** What the norms of the first and of the second layer make of one deviation. */
  readonly first: number
  readonly second: number
}

function streamOf({ hiddenSize, headDim }: ModelConfig): Stream {
  const previous = Math.floor((hiddenSize * 2) / 3)
  const own = previous - 1
  const square = own + shared ** 2
  const first = Math.sqrt(hiddenSize / square)
  const second = Math.sqrt(hiddenSize / (square + headDim * written ** 2))
  return { own, previous, first, second }
}

function layEmbedding({ values, columns }: Matrix, { own }: Stream): void {
  const scale = deviation / spread(values)
  for (let i = 0; i < values.length; i++) {
    const number = i % columns
    values[i] = number === 0 ? shared * deviation : number <= own ? scale * (values[i] as number) : 0
  }
}

/** Query and key are the shared number alone; the key is turned back by one position, so they agree at the token before. */
function layTokenBefore(attention: Attention, { headDim, rope }: ModelConfig, { previous, first }: Stream): void {
  const { q, k, v, o } = attention
  const half = headDim / 2
  const gain = Math.sqrt(before * Math.sqrt(headDim)) / (shared * first)
  clearHead(attention, 0, 0, headDim)
  for (let i = 0; i < positional; i++) {
    const turn = rope.theta ** (-i / half)
    set(q, i, 0, gain)
    set(k, i, 0, gain * Math.cos(turn))
    set(k, i + half, 0, gain * Math.sin(turn))
  }
  for (let i = 0; i < headDim; i++) {
    set(v, i, 1 + i, 1)
    set(o, previous + i, i, (written * deviation) / first)
  }
}

/** Queries are the present token, keys the token before a place; groups compare and copy different numbers of a token. */
function layMatch(attention: Attention, group: number, config: ModelConfig, { own, previous, second }: Stream): void {
  const { q, k, v, o } = attention
  const { heads, kvHeads, headDim } = config
  const head = group * (heads / kvHeads)
  const compared = Array.from({ length: headDim }, (_, i) => i).filter((i) => i % (headDim / 2) >= slow)
  const gain = Math.sqrt((match * Math.sqrt(headDim)) / (compared.length * second * second * written))
  clearHead(attention, head, group, headDim)
  for (const [j, i] of compared.entries()) {
    const number = (j + group * (headDim - compared.length)) % headDim
    set(q, head * headDim + i, 1 + number, gain)
    set(k, group * headDim + i, previous + number, gain)
  }
  for (let i = 0; i < headDim; i++) {
    const number = 1 + ((group * headDim + i) % own)
    set(v, group * headDim + i, number, 1)
    set(o, number, head * headDim + i, (copied * deviation) / second)
  }
}

function set({ values, columns }: Matrix, row: number, column: number, value: number): void {
  values[row * columns + column] = value
}

/** A head of the circuit reads and writes nothing else. */
function clearHead({ q, k, v, o }: Attention, head: number, group: number, headDim: number): void {
  q.values.fill(0, head * headDim * q.columns, (head + 1) * headDim * q.columns)
  for (const { values, columns } of [k, v]) values.fill(0, group * headDim * columns, (group + 1) * headDim * columns)
  for (let row = 0; row < o.values.length; row += o.columns)
    o.values.fill(0, row + head * headDim, row + (head + 1) * headDim)
}

function spread(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2
  return Math.sqrt(sum / values.length)
}
