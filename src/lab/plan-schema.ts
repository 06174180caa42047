/** What a federation's plan may look like in a file, with limits and the values where nothing is said. */
import { z } from 'zod'
import { type FederationPlan, timings } from '../../peers/plan.ts'
import { mostGathered } from '../../peers/wiring/averaging/robust-gathering.ts'
import { codecNames } from '../averaging/codecs/by-name.ts'
import { outers } from '../averaging/outer.ts'
import { gathers, robustNames } from '../averaging/robust/by-name.ts'
import { stalenessWeights } from '../averaging/staleness.ts'
import { fedPitSchema } from '../fedpit/hyper-parameters.ts'
import { linears } from '../lora/adapter.ts'
import { factorings } from '../lora/factoring.ts'

/** Of an adapter. */
export const maxRank = 256
export const maxThreads = 1024

const count = (low: number, high: number) => z.int().min(low).max(high)
const seconds = z.number().min(0.1).max(1_000_000)
/** Shown to others and used in file names. */
export const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/i, 'letters, digits and "-", at most 40')
const seedSchema = z.union([z.string().min(1).max(200), z.number()]).transform(String)

const lora = z.strictObject({
  rank: count(1, maxRank).default(8),
  alpha: z.number().positive().max(4096).default(16),
  targets: z.array(z.enum(linears)).min(1).max(linears.length).default(['q', 'v']),
  rslora: z.boolean().default(false),
})

const staleness = z.strictObject({
  weight: z.enum(stalenessWeights).default('polynomial'),
  bound: count(1, 100_000).default(8),
  floor: z.number().min(0.01).max(1).default(0.1),
})

const mixing = z
  .strictObject({
    timing: z.enum(timings).default('rounds'),
    staleness: staleness.prefault({}),
    factors: z.enum(factorings).default('ffa'),
    outer: z.enum(outers).default('none'),
    codec: z.enum(codecNames).default('fixed'),
    robust: z.enum(robustNames).default('none'),
  })
  .refine(({ factors, outer }) => factors !== 'svd' || outer === 'none', {
    error: 'expected outer none where factors is svd: products of other ranks have no momentum of their own',
    path: ['outer'],
  })
  .refine(({ factors, robust }) => factors !== 'svd' || robust === 'none', {
    error: 'expected robust none where factors is svd: there is no clipping or median between factors of other ranks',
    path: ['robust'],
  })
  .superRefine(({ timing, ...settings }, context) => {
    if (timing === 'rounds') return
    const refused = [
      ['factors', ['ffa', 'both'], 'no two peers begin an update alike, and products of other ranks have no sum'],
      ['outer', ['none'], 'there is no round whose average a momentum could follow'],
      ['codec', ['fixed'], 'there is no common start that a state could be told against'],
      ['robust', ['none'], 'there is no session whose members could be compared'],
    ] as const
    for (const [key, allowed, why] of refused) {
      if ((allowed as readonly string[]).includes(settings[key])) continue
      const message = `expected ${key} ${allowed.join(' or ')} where timing is asynchronous: ${why}`
      context.addIssue({ code: 'custom', path: [key], message })
    }
  })

const evaluation = z.strictObject({
  heldOut: z.number().min(0).max(0.9).default(0.2),
  maxNewTokens: count(1, 4096).default(128),
})

const deadlines = z.strictObject({
  join: seconds.default(600),
  ready: seconds.default(1800),
  average: seconds.default(120),
  pull: seconds.default(120),
  round: seconds.default(3600),
  leave: seconds.default(1800),
})

/** Of one peer's own adapters; the federation's where nothing is said. */
export const rankSchema = count(1, maxRank).optional()

/** The fields of a plan, to be spread into the object of a whole file. */
export const planFields = {
  federation: nameSchema.default('default'),
  seed: seedSchema.default('fedpit'),
  rounds: count(1, 100_000).default(3),
  mode: z.enum(['isolated']).default('isolated'),
  topology: z.string().min(1).max(400).default('base-4'),
  lora: lora.prefault({}),
  mixing: mixing.prefault({}),
  fedpit: fedPitSchema.prefault({}),
  evaluation: evaluation.prefault({}),
  deadlines: deadlines.prefault({}),
} satisfies { [field in keyof FederationPlan]: z.ZodType<FederationPlan[field]> }

/** The topology whose pairs are drawn at random, which is what peers do that wait for nobody. */
export const drawnPairs = 'random-matching'

/** What of a plan makes no sense together; for the `superRefine` of a whole file. `peers`: how many, or a list of them. */
export function checkPlan(
  {
    mixing,
    topology,
    peers,
  }: Pick<FederationPlan, 'mixing' | 'topology'> & { readonly peers: number | readonly unknown[] },
  context: z.core.$RefinementCtx,
): void {
  const { factors, robust } = mixing
  if ((typeof peers === 'number' ? peers : peers.length) > mostGathered) {
    const why = (setting: string): string =>
      `for more than ${mostGathered} peers, because by ${setting} all pull from all`
    const refuse = (key: string, expected: string, setting: string): void =>
      context.addIssue({ code: 'custom', path: ['mixing', key], message: `${expected} ${why(setting)}` })
    if (gathers(robust)) refuse('robust', 'none or clip', robust)
    if (factors === 'svd') refuse('factors', 'ffa, alternate or both', factors)
  }
  if (mixing.timing === 'rounds' || topology === drawnPairs) return
  const why = 'without rounds there is no schedule, and each peer draws its partners'
  const message = `expected ${drawnPairs} where mixing.timing is asynchronous: ${why}`
  context.addIssue({ code: 'custom', path: ['topology'], message })
}

/** The model, and how it is run. */
export const engineFields = {
  /** A name that `fedpit models` knows, a Hugging Face directory or a GGUF file. */
  model: z.string().min(1).max(1000).default('smollm2-135m-instruct'),
  engine: z
    .strictObject({
      device: z.enum(['auto', 'cpu', 'cuda', 'webgpu', 'coreml', 'dml']).default('auto'),
      decode: z.enum(['f32', 'int8']).default('f32'),
      /** 0: as many as the machine has cores. */
      threads: count(0, maxThreads).default(0),
    })
    .prefault({}),
}
