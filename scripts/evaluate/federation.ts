/**
 * What each way of learning together makes of the peers' few private examples. The rounds are the product's own; the mean
 * is taken in one place here, as the exchange is exact (src/averaging).
 */
import type { Engine } from '../../src/engine/contract.ts'
import { isolatedRound, personalise } from '../../src/fedpit/isolated-round.ts'
import { trainingPrompt } from '../../src/fedpit/prompts.ts'
import {
  type Adapter,
  asGlobal,
  type GlobalAdapter,
  type LocalAdapter,
  type LoraConfig,
} from '../../src/lora/adapter.ts'
import { chatAccuracy } from './ask.ts'
import { createWatch, type Leak, leaks, type Shown } from './canaries.ts'
import { eachOf, meanOf } from './one-by-one.ts'
import type { Peer } from './peers.ts'
import { aloneSettings, settings } from './settings.ts'

/** Shares of right answers, each peer's adapter on its own held-out tasks. */
export interface Federation {
  readonly untuned: number
  readonly localOnly: number
  readonly isolatedLocal: number
  readonly isolatedGlobal: number
  readonly fedit: number
  /** Of the local adapter. */
  readonly aboveUntuned: number
  readonly aboveLocalOnly: number
}

export interface Federated {
  readonly accuracy: Federation
  /** What of the peers' canaries the untuned model and the shared adapters give away. */
  readonly leaked: Readonly<Record<'untuned' | 'isolated' | 'fedit', Leak>>
  /** How often a peer's model was shown its canary when it wrote under `isolated`, in all rounds. */
  readonly shown: Shown
}

/** The model that learns. */
export interface Learner {
  readonly engine: Engine
  readonly maxPositions: number
}

const lora: LoraConfig = { rank: 8, alpha: 16, targets: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'], rslora: false }

export async function federate(
  learner: Learner,
  peers: readonly Peer[],
  rounds: number,
  seed: string,
  note: (line: string) => void,
): Promise<Federated> {
  const { engine } = learner
  const start = asGlobal(await engine.createAdapter(lora, seed))
  const accuracyOf = (adapterOf: (i: number) => Adapter | undefined) =>
    meanOf(peers, ({ heldOut }, i) => chatAccuracy(engine, heldOut, adapterOf(i)))

  const { isolated, locals, shown } = await learnIsolated(learner, peers, start, rounds, seed, note)
  let fedit: Adapter = start
  for (let round = 1; round <= rounds; round++) {
    fedit = average(
      await eachOf(peers, async ({ examples, name }) => {
        const samples = examples.map((example) => ({
          prompt: trainingPrompt(example, true),
          response: example.response,
        }))
        const options = { ...settings.training, trainable: 'B' as const, seed: `${seed}/fedit/${round}/${name}` }
        return (await engine.train({ samples, init: fedit, options })).adapter
      }),
    )
  }
  const alone = await eachOf(peers, ({ examples, name }) =>
    personalise(
      { examples, synthetic: [], global: start, settings: aloneSettings, chat: true, seed: `${seed}/alone/${name}` },
      { engine },
    ),
  )
  const untuned = await accuracyOf(() => undefined)
  const localOnly = await accuracyOf((i) => alone[i])
  const isolatedLocal = await accuracyOf((i) => locals[i])
  const accuracy = {
    untuned,
    localOnly,
    isolatedLocal,
    isolatedGlobal: await accuracyOf(() => isolated),
    fedit: await accuracyOf(() => fedit),
    aboveUntuned: isolatedLocal - untuned,
    aboveLocalOnly: isolatedLocal - localOnly,
  }
  note(
    Object.entries(accuracy)
      .map(([name, value]) => `${name} ${value.toFixed(3)}`)
      .join(', '),
  )
  const canaries = peers.map(({ canary }) => canary)
  const leaksOf = (adapter?: Adapter) => leaks(engine, canaries, adapter)
  return {
    accuracy,
    leaked: { untuned: await leaksOf(), isolated: await leaksOf(isolated), fedit: await leaksOf(fedit) },
    shown,
  }
}

/** The product's rounds; the local adapters are those of the last one. */
async function learnIsolated(
  { engine, maxPositions }: Learner,
  peers: readonly Peer[],
  start: GlobalAdapter,
  rounds: number,
  seed: string,
  note: (line: string) => void,
): Promise<{ readonly isolated: GlobalAdapter; readonly locals: readonly LocalAdapter[]; readonly shown: Shown }> {
  const watched = createWatch()
  let isolated = start
  let locals: readonly LocalAdapter[] = []
  for (let round = 1; round <= rounds; round++) {
    const inputOf = ({ examples, name }: Peer) => {
      return { examples, settings, chat: true, seed: `${seed}/isolated/${round}/${name}` }
    }
    const made = await eachOf(peers, (peer) =>
      isolatedRound(
        { ...inputOf(peer), global: isolated, shared: 'B' },
        { engine: watched.watch(engine, peer.canary), maxPositions },
      ),
    )
    isolated = asGlobal(average(made.map(({ global }) => global)))
    if (round === rounds) {
      locals = await eachOf(made, ({ synthetic }, i) =>
        personalise({ ...inputOf(peers[i] as Peer), global: isolated, synthetic }, { engine }),
      )
    }
    const kept = made.map(({ report }) => `${report.kept} of ${report.tried}`).join(', ')
    note(`isolated, round ${round} of ${rounds}: synthetic examples kept ${kept}`)
  }
  return { isolated, locals, shown: watched.shares() }
}

/** All peers hold as many examples, so their adapters weigh the same. */
function average(adapters: readonly Adapter[]): Adapter {
  const [first] = adapters as [Adapter, ...Adapter[]]
  const parameters = first.parameters.map(
    (_, i) => adapters.reduce((sum, adapter) => sum + (adapter.parameters[i] as number), 0) / adapters.length,
  )
  return { config: first.config, parameters }
}
