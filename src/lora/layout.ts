/** How an adapter's flat vector is cut into factors: names, shapes and offsets, the same on every peer. */
import { createHash } from 'node:crypto'
import { inputError } from '../core/errors.ts'
import type { ModelConfig } from '../model/config.ts'
import { type Linear, type LoraConfig, linears } from './adapter.ts'

/** One low-rank factor: `A` is [in, rank], `B` is [rank, out], row-major. */
export interface Factor {
  /** `3.q.A` is layer 3, query projection, factor A. */
  readonly name: string
  readonly layer: number
  readonly linear: Linear
  readonly part: 'A' | 'B'
  readonly shape: readonly [rows: number, columns: number]
  /** First element in the flat vector, and how many there are. */
  readonly offset: number
  readonly size: number
}

export interface AdapterLayout {
  readonly factors: readonly Factor[]
  /** Length of the flat vector. */
  readonly total: number
  /** sha256 (hex) over everything that must be equal before two adapters can be averaged. */
  readonly digest: string
}

/** Throws `lora.config` where the configuration cannot be used. Targets count in the order of `linears`. */
export function adapterLayout(config: LoraConfig, model: ModelConfig): AdapterLayout {
  checkConfig(config)
  const targets = linears.filter((linear) => config.targets.includes(linear))
  const factors: Factor[] = []
  let offset = 0
  const add = (layer: number, linear: Linear, part: 'A' | 'B', shape: readonly [number, number]): void => {
    const size = shape[0] * shape[1]
    factors.push({ name: `${layer}.${linear}.${part}`, layer, linear, part, shape, offset, size })
    offset += size
  }
  for (let layer = 0; layer < model.layers; layer++) {
    for (const linear of targets) {
      const [input, output] = linearShape(linear, model)
      add(layer, linear, 'A', [input, config.rank])
      add(layer, linear, 'B', [config.rank, output])
    }
  }
  return { factors, total: offset, digest: layoutDigest(config, factors) }
}

/** [in, out] of one of a layer's linears. */
export function linearShape(linear: Linear, model: ModelConfig): readonly [input: number, output: number] {
  const heads = model.heads * model.headDim
  const kvHeads = model.kvHeads * model.headDim
  const shapes: Record<Linear, readonly [number, number]> = {
    q: [model.hiddenSize, heads],
    k: [model.hiddenSize, kvHeads],
    v: [model.hiddenSize, kvHeads],
    o: [heads, model.hiddenSize],
    gate: [model.hiddenSize, model.intermediateSize],
    up: [model.hiddenSize, model.intermediateSize],
    down: [model.intermediateSize, model.hiddenSize],
  }
  return shapes[linear]
}

/** What x·A·B is multiplied by. */
export function loraScale(config: LoraConfig): number {
  return config.alpha / (config.rslora ? Math.sqrt(config.rank) : config.rank)
}

function checkConfig(config: LoraConfig): void {
  const wrong = (what: string, expected: string, actual: unknown) =>
    inputError('lora.config', `Cannot lay out an adapter: expected ${what} to be ${expected}, got ${actual}`)
  if (!Number.isInteger(config.rank) || config.rank < 1) throw wrong('rank', 'an integer from 1', config.rank)
  if (!(config.alpha > 0 && Number.isFinite(config.alpha))) throw wrong('alpha', 'a positive number', config.alpha)
  if (config.targets.length === 0) throw wrong('targets', `some of ${linears.join(', ')}`, 'none')
  const unknown = config.targets.find((target) => !linears.includes(target))
  if (unknown !== undefined) throw wrong('every target', `one of ${linears.join(', ')}`, unknown)
}

function layoutDigest(config: LoraConfig, factors: readonly Factor[]): string {
  const { rank, alpha, rslora } = config
  const shapes = factors.map(({ name, shape }) => [name, ...shape])
  return createHash('sha256').update(JSON.stringify({ rank, alpha, rslora, shapes })).digest('hex')
}
