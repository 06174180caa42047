/**
 * `npm run evaluate:nano [-- --model MODEL] [--format json]`: what the built-in model can do on families of tasks that
 * it was never trained on. Going on with a list of tasks, following demonstrations, FedPIT between four peers (of one
 * trade, and of four) beside other ways of learning together, what canaries in the private data the shared adapters
 * give away, and how many of the prompts for synthetic examples showed one.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findHome, findModel } from '../src/cli/home.ts'
import { builtIn } from '../src/cli/models/built-in.ts'
import { createRandom } from '../src/core/random.ts'
import { startEngine } from '../src/engine/start.ts'
import { align } from '../src/lab/table.ts'
import { families } from '../src/nano/corpus/families.ts'
import {
  type Answered,
  accuracy,
  accuracyShares,
  type Continued,
  continuation,
  continuationShares,
} from './evaluate/abilities.ts'
import { type Federated, federate } from './evaluate/federation.ts'
import { fourOfOneTrade, oneOfEachTrade } from './evaluate/peers.ts'
import { reportFailures } from './report-failures.ts'
import { type Spread, spreads } from './spread.ts'
import { wholeNumber } from './whole-number.ts'

/** Of one seed. */
interface Measured {
  readonly lists: readonly Continued[]
  readonly answers: readonly Answered[]
  readonly oneTrade: Federated
  readonly acrossTrades: Federated
}

reportFailures()
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: builtIn.name },
    seeds: { type: 'string', default: '3' },
    tries: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    format: { type: 'string', default: 'text' },
  },
})
const number = (name: 'seeds' | 'tries' | 'rounds') => wholeNumber(`--${name}`, values[name])
const [tries, rounds] = [number('tries'), number('rounds')]
const seeds = Array.from({ length: number('seeds') }, (_, i) => `evaluate/${i + 1}`)
const share = { examples: 32, heldOut: 48 }
const heldOut = families.filter(({ split }) => split === 'heldOut')
const trades = [...new Set(heldOut.map(({ trade }) => trade))]
const kinds = [...new Set(heldOut.map(({ kind }) => kind))]
const path = findModel(values.model, findHome(process.env))
const note = (line: string) => process.stderr.write(`${line}\n`)

const cacheFolder = await mkdtemp(join(tmpdir(), 'fedpit-evaluate-'))
const engine = startEngine({ cacheFolder })
try {
  const { maxPositions } = await engine.open({ path, device: 'cpu', decode: 'f32', threads: availableParallelism() })
  const learner = { engine, maxPositions }
  const measured: Measured[] = []
  for (const [i, seed] of seeds.entries()) {
    note(`${seed}: abilities`)
    const lists = await continuation(engine, heldOut, tries, createRandom(`${seed}/continuation`))
    const answers = await accuracy(engine, heldOut, tries, createRandom(`${seed}/accuracy`))
    const trade = trades[i % trades.length] as string
    note(`${seed}: four peers of one trade, ${trade}`)
    const oneTrade = await federate(learner, fourOfOneTrade(heldOut, trade, share, seed), rounds, seed, note)
    note(`${seed}: four peers of four trades`)
    const acrossTrades = await federate(learner, oneOfEachTrade(heldOut, share, seed), rounds, seed, note)
    measured.push({ lists, answers, oneTrade, acrossTrades })
  }
  const document = {
    continuation: spreads(measured.map(({ lists }) => continuationShares(lists))),
    accuracy: spreads(measured.map(({ answers }) => accuracyShares(answers))),
    kinds: Object.fromEntries(kinds.map((kind) => [kind, abilitiesIn(kind, measured)])),
    ...spreadsOf(measured.map(({ oneTrade }) => oneTrade)),
    acrossTrades: spreadsOf(measured.map(({ acrossTrades }) => acrossTrades)),
  }
  process.stdout.write(values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : table(document))
} finally {
  await engine.close()
  await rm(cacheFolder, { recursive: true, force: true })
}

function spreadsOf(measured: readonly Federated[]) {
  return {
    federation: spreads(measured.map(({ accuracy }) => accuracy)),
    canaries: {
      untuned: spreads(measured.map(({ leaked }) => leaked.untuned)),
      isolated: spreads(measured.map(({ leaked }) => leaked.isolated)),
      fedit: spreads(measured.map(({ leaked }) => leaked.fedit)),
      ...spreads(measured.map(({ shown }) => shown)),
    },
  }
}

/** Of one kind of task in all trades: valid continuations, and right answers with eight demonstrations. */
function abilitiesIn(kind: string, measured: readonly Measured[]): { readonly valid: Spread; readonly shots8: Spread } {
  return spreads(
    measured.map(({ lists, answers }) => ({
      valid: continuationShares(lists.filter((list) => list.kind === kind)).valid,
      shots8: accuracyShares(answers.filter((answer) => answer.kind === kind)).shots8,
    })),
  )
}

/** One row a figure: mean and standard deviation over the seeds. */
function table(document: object): string {
  const rows: string[][] = []
  const walk = (value: object, path: readonly string[]): void => {
    if ('mean' in value) {
      const { mean, sd, n } = value as Spread
      rows.push([path.join(' '), mean.toFixed(3), `± ${sd.toFixed(3)}`, `n ${n}`])
    } else for (const [key, part] of Object.entries(value)) walk(part, [...path, key])
  }
  walk(document, [])
  return `${align([['', 'mean', 'sd', 'seeds'], ...rows])}\n`
}
