/**
 * FedPIT's round with the engine, in virtual time: the work begins at once, the time that it is to take passes, and then
 * the clock stands still until the work is there. So what comes of it comes at a time that the seed draws, in its order,
 * however long this machine took. Peers work side by side.
 */
import type { PeerEventBody } from '../../../peers/events.ts'
import type { VirtualClock } from '../../../peers/kernel/virtual-clock.ts'
import type { GlobalCodec } from '../../../peers/wiring/global-state.ts'
import { learnFrom, type PrivateData, readPrivate } from '../../../peers/wiring/learning.ts'
import { openCodec } from '../../../peers/wiring/open-codec.ts'
import type { Random } from '../../core/random.ts'
import type { Example } from '../../data/example.ts'
import type { SharedEngine } from '../../engine/share.ts'
import { type Learners, spender } from './learners.ts'
import type { SimulationScenario } from './scenario.ts'

export interface EngineLearnersParts {
  readonly engine: SharedEngine
  /** What opens. */
  readonly modelPath: string
  /** Of the examples that cannot be used. */
  readonly note: (text: string) => void
}

/** Everything of the real world that peers need before they work is read here. */
export async function openEngineLearners(
  scenario: SimulationScenario,
  { engine, modelPath, note }: EngineLearnersParts,
  world: VirtualClock,
  random: Random,
  signal: AbortSignal,
): Promise<Learners> {
  const { decode, device, threads } = scenario.engine
  // What a machine has by chance must not change what comes out.
  const exact = { device: device === 'auto' ? 'cpu' : device, threads: threads === 0 ? 1 : threads } as const
  const model = await engine.for('simulation').open({ path: modelPath, decode, ...exact }, signal)
  const codecs = new Map(scenario.peers.map(({ name, rank }) => [name, openCodec(scenario, model.config, rank)]))
  const examples = new Map<string, PrivateData>()
  /** What is on a peer's disk outlives it. */
  const synthetic = new Map<string, readonly Example[]>()
  const publish = (event: PeerEventBody): void => void (event.type === 'warning' && note(event.message))
  for (const { name, data = '' } of scenario.peers) {
    examples.set(name, await readPrivate({ name, data, plan: scenario, publish }))
  }
  return {
    codec: openCodec(scenario, model.config),
    codecOf: (peer) => codecs.get(peer) as GlobalCodec,
    learning(peer, life) {
      let told: PeerEventBody[] = []
      const tell = (count: number): void => told.splice(0, count).forEach(life.publish)
      const own = learnFrom(examples.get(peer) as PrivateData, {
        ...{ name: peer, plan: scenario, engine: engine.for(peer), model },
        home: {
          keepSynthetic: async (_, kept) => void (kept.length > 0 && synthetic.set(peer, kept)),
          newestSynthetic: async () => synthetic.get(peer) ?? [],
        },
        publish: (event) => void told.push(event),
      })
      const spend = spender(scenario.standIn, random.derive(`peer ${peer}`), life)
      /** Begins; a failure is its own until somebody asks. */
      const begin = <T>(work: (until: AbortSignal) => Promise<T>, stop: AbortSignal): Promise<T> => {
        told = []
        const begun = work(AbortSignal.any([stop, life.killed, signal]))
        begun.catch(() => {})
        return begun
      }
      const inTime = async <T>(
        what: 'personalise' | 'evaluate',
        round: number | undefined,
        work: (until: AbortSignal) => Promise<T>,
        stop: AbortSignal,
      ): Promise<T> => {
        const begun = begin(work, stop)
        await spend(what, round, stop)
        const result = await world.hold(begun)
        tell(told.length)
        return result
      }
      return {
        ...own,
        async train(input, onGenerated, stop) {
          const generated = Promise.withResolvers<number>()
          const begun = begin((until) => own.train(input, () => generated.resolve(told.length), until), stop)
          await spend('generate', input.round, stop)
          tell(await world.hold(Promise.race([generated.promise, begun.then(() => told.length)])))
          onGenerated()
          await spend('train', input.round, stop)
          const trained = await world.hold(begun)
          tell(told.length)
          return trained
        },
        personalise: (input, stop) =>
          inTime('personalise', input.round, (until) => own.personalise(input, until), stop),
        evaluate: (adapter, stop) => inTime('evaluate', undefined, (until) => own.evaluate(adapter, until), stop),
      }
    },
  }
}
