/**
 * Four peers of held-out trades, and what each way of learning together makes of their few private examples. The
 * rounds are the product's own; the mean is taken in one place here, as the exchange is exact (src/averaging).
 */
import { createRandom } from '../../src/core/random.ts'
import type { Example } from '../../src/data/example.ts'
import type { Engine } from '../../src/engine/contract.ts'
import { isolatedRound } from '../../src/fedpit/isolated-round.ts'
import { trainLocal } from '../../src/fedpit/isolation.ts'
import { trainingPrompt } from '../../src/fedpit/prompts.ts'
import {
  type Adapter,
  asGlobal,
  type GlobalAdapter,
  type LocalAdapter,
  type LoraConfig,
} from '../../src/lora/adapter.ts'
import type { Family } from '../../src/nano/corpus/families.ts'
import { chatAccuracy } from './ask.ts'
import { type Canary, canaryFor } from './canaries.ts'
import { drawExamples } from './draw-examples.ts'
import { settings } from './settings.ts'

export interface Peer {
  readonly trade: string
  /** The canary is among them. */
  readonly examples: readonly Example[]
  readonly heldOut: readonly Example[]
  readonly canary: Canary
}

export interface FederationSettings {
  readonly rounds: number
  readonly examples: number
  readonly heldOut: number
}

export interface Federation {
  readonly untuned: number
  readonly localOnly: number
  readonly isolatedLocal: number
  readonly isolatedGlobal: number
  readonly fedit: number
}

export interface Federated {
  readonly accuracy: Federation
  /** For the canaries: the shared adapters. */
  readonly isolated: GlobalAdapter
  readonly fedit: Adapter
}

const lora: LoraConfig = { rank: 8, alpha: 16, targets: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'], rslora: false }

/** One peer a trade. */
export function createPeers(families: readonly Family[], sizes: FederationSettings, seed: string): Peer[] {
  return [...Map.groupBy(families, ({ trade }) => trade)].map(([trade, own]) => {
    const random = createRandom(`${seed}/${trade}`)
    const drawn = drawExamples(own, sizes.examples + sizes.heldOut, random)
    const canary = canaryFor(random)
    const kept = drawn.slice(0, sizes.examples)
    return { trade, canary, examples: [...kept, canary.example], heldOut: drawn.slice(sizes.examples) }
  })
}

export async function federate(
  engine: Engine,
  peers: readonly Peer[],
  { rounds }: FederationSettings,
  seed: string,
  note: (line: string) => void,
): Promise<Federated> {
  const start = asGlobal(await engine.createAdapter(lora, seed))
  const training = (label: string, epochs = settings.training.epochs) => ({
    engine,
    promptOf: (example: Example) => trainingPrompt(example, true),
    options: { ...settings.training, epochs },
    seed: `${seed}/${label}`,
  })
  const accuracyOf = (adapterOf: (i: number) => Adapter | undefined) =>
    meanOf(peers, ({ heldOut }, i) => chatAccuracy(engine, heldOut, adapterOf(i)))

  let isolated = start
  let locals: readonly LocalAdapter[] = []
  for (let round = 1; round <= rounds; round++) {
    const made = await eachOf(peers, ({ examples, trade }) =>
      isolatedRound(
        { examples, global: isolated, shared: 'B', settings, chat: true, seed: `${seed}/isolated/${round}/${trade}` },
        { engine },
      ),
    )
    isolated = asGlobal(average(made.map(({ global }) => global)))
    locals = made.map(({ local }) => local)
    const kept = made.map(({ report }) => `${report.kept} of ${report.tried}`).join(', ')
    note(`isolated, round ${round} of ${rounds}: synthetic examples kept ${kept}`)
  }
  let fedit: Adapter = start
  for (let round = 1; round <= rounds; round++) {
    fedit = average(
      await eachOf(peers, async ({ examples, trade }) => {
        const { options, promptOf, seed: own } = training(`fedit/${round}/${trade}`)
        const samples = examples.map((example) => ({ prompt: promptOf(example), response: example.response }))
        const request = { samples, init: fedit, options: { ...options, trainable: 'B' as const, seed: own } }
        return (await engine.train(request)).adapter
      }),
    )
  }
  // As many passes over the private examples as the local adapter of the last round has had.
  const alone = await eachOf(peers, ({ examples, trade }) =>
    trainLocal(start, examples, training(`alone/${trade}`, 2 * settings.training.epochs)),
  )
  const accuracy = {
    untuned: await accuracyOf(() => undefined),
    localOnly: await accuracyOf((i) => alone[i]),
    isolatedLocal: await accuracyOf((i) => locals[i]),
    isolatedGlobal: await accuracyOf(() => isolated),
    fedit: await accuracyOf(() => fedit),
  }
  return { accuracy, isolated, fedit }
}

/** All peers hold as many examples, so their adapters weigh the same. */
function average(adapters: readonly Adapter[]): Adapter {
  const [first] = adapters as [Adapter, ...Adapter[]]
  const parameters = first.parameters.map(
    (_, i) => adapters.reduce((sum, adapter) => sum + (adapter.parameters[i] as number), 0) / adapters.length,
  )
  return { config: first.config, parameters }
}

/** One after the other: they share the processor anyway. */
async function eachOf<T, R>(items: readonly T[], work: (item: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const [i, item] of items.entries()) results.push(await work(item, i))
  return results
}

async function meanOf<T>(items: readonly T[], work: (item: T, i: number) => Promise<number>): Promise<number> {
  const values = await eachOf(items, work)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
