/** What is simulated: the peers and their plan as in a swarm's scenario, and the world they live in. */
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { looksAtAllPairs } from '../../averaging/topologies/by-name.ts'
import { checkPlan, engineFields, nameSchema, planFields, rankSchema } from '../plan-schema.ts'
import { isPath, pathOrName, readYaml } from '../read-yaml.ts'
import { shippedScenario } from '../shipped-scenario.ts'
import { churnSchema, scriptSchema } from './fault-schema.ts'

const share = z.number().min(0).max(1)
const seconds = z.number().min(0).max(1_000_000)
/** A length of time that is drawn anew each time. */
const span = z
  .tuple([seconds, seconds])
  .refine(([low, high]) => low <= high, 'the shorter time first')
  .describe('seconds')

const peer = z.strictObject({
  name: nameSchema,
  /** File with its private examples; the stand-in does not read it. */
  data: z.string().max(1000).optional(),
  rank: rankSchema,
})
/** `peers: 100` is peer-001 to peer-100. */
const peers = z.union([z.int().min(1).max(10_000).transform(numbered), z.array(peer).min(1).max(10_000)])

/** Of a topology that looks at every pair: two million of them. */
const mostInPairs = 2000

const links = z.strictObject({
  delayMs: z.number().min(0).max(100_000).default(20),
  jitterMs: z.number().min(0).max(100_000).default(10),
  loss: share.default(0),
  duplication: share.default(0),
  reordering: share.default(0),
  megabytesPerSecond: z.number().positive().max(100_000).optional(),
})

const standIn = z.strictObject({
  /** In the state that is averaged. */
  numbers: z.int().min(1).max(1_000_000).default(64),
  /** Standard deviation of the peers' own optima. */
  spread: z.number().min(0).max(2).default(0.5),
  /** Length of the gradient flow in one round; the longer, the nearer each peer comes to its own optimum. */
  flow: z.number().min(0).max(100).default(1),
  examples: z
    .tuple([z.int().min(1), z.int().max(1_000_000)])
    .refine(([low, high]) => low <= high, 'the smaller number first')
    .default([8, 64]),
  generateSeconds: span.default([5, 10]),
  trainSeconds: span.default([5, 10]),
  personaliseSeconds: span.default([5, 10]),
  evaluateSeconds: span.default([1, 2]),
})

export const simulationSchema = z
  .strictObject({
    name: nameSchema,
    peers,
    ...engineFields,
    ...planFields,
    /** What the peers learn with: the stand-in, or `model` by FedPIT's round. Both take the stand-in's time. */
    learning: z.enum(['stand-in', 'engine']).default('stand-in'),
    standIn: standIn.prefault({}),
    links: links.prefault({}),
    disk: z.strictObject({ writeMs: z.number().min(0).max(100_000).default(3) }).prefault({}),
    /** Milliseconds until everybody has heard an announcement; left out: as measured on gossipsub. */
    gossipMs: z.number().min(0).max(1_000_000).optional(),
    churn: churnSchema.optional(),
    script: scriptSchema.default([]),
    /** After a peer ended by a failure, not by a fault of the script. */
    restartSeconds: seconds.default(10),
    /** Nothing is simulated beyond it. */
    limitSeconds: z.number().positive().max(100_000_000).default(86_400),
  })
  .superRefine(checkPlan)
  .superRefine(({ peers, script, topology, learning }, context) => {
    if (looksAtAllPairs(topology) && peers.length > mostInPairs) {
      const message = `a topology that links fewer pairs of more than ${mostInPairs} peers, such as base-4`
      context.addIssue({ code: 'custom', path: ['topology'], message })
    }
    if (learning === 'engine' && peers.some(({ data }) => data === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['peers'],
        message: 'a list with data for each, where the engine learns',
      })
    }
    const names = new Set(peers.map(({ name }) => name))
    if (names.size < peers.length) context.addIssue({ code: 'custom', path: ['peers'], message: 'names that differ' })
    if (script.some(({ fault }) => fault === 'edit-topology') && !isPath(topology)) {
      context.addIssue({ code: 'custom', path: ['topology'], message: 'a file, such as ./graph.txt, to be edited' })
    }
    for (const [i, step] of script.entries()) {
      const named = step.fault === 'partition' ? step.groups.flat() : step.fault === 'heal' ? [] : (step.peers ?? [])
      if (named.every((name) => names.has(name))) continue
      const path = ['script', i, step.fault === 'partition' ? 'groups' : 'peers']
      context.addIssue({ code: 'custom', path, message: 'names of peers of this scenario' })
    }
  })

export type SimulationScenario = z.infer<typeof simulationSchema>

/** What `fedpit simulate` runs where nothing is named. */
export const churnScenario = shippedScenario('churn.yaml')

/** Files are relative to the scenario's own folder. */
export async function readSimulation(file: string): Promise<SimulationScenario> {
  const scenario = await readYaml(file, simulationSchema)
  const folder = dirname(resolve(file))
  const { churn } = scenario
  const script = scenario.script.map((step) => ('file' in step ? { ...step, file: resolve(folder, step.file) } : step))
  return {
    ...scenario,
    script,
    peers: scenario.peers.map((peer) =>
      peer.data === undefined ? peer : { ...peer, data: resolve(folder, peer.data) },
    ),
    model: pathOrName(scenario.model, folder),
    topology: pathOrName(scenario.topology, folder),
    ...(churn?.model === 'trace' ? { churn: { ...churn, file: resolve(folder, churn.file) } } : {}),
  }
}

function numbered(count: number): z.infer<typeof peer>[] {
  const digits = String(count).length
  return Array.from({ length: count }, (_, i) => ({ name: `peer-${String(i + 1).padStart(digits, '0')}` }))
}
