/** A scenario: the peers of an experiment, their data, and what they do together. */
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { checkPlan, engineFields, nameSchema, planFields, rankSchema } from './plan-schema.ts'
import { pathOrName, readYaml } from './read-yaml.ts'
import { shippedScenario } from './shipped-scenario.ts'

const scenarioSchema = z
  .strictObject({
    name: nameSchema,
    peers: z
      .array(z.strictObject({ name: nameSchema, data: z.string().min(1).max(1000), rank: rankSchema }))
      .min(1)
      .max(256)
      .refine((peers) => new Set(peers.map(({ name }) => name)).size === peers.length, 'names that differ'),
    ...engineFields,
    ...planFields,
  })
  .superRefine(checkPlan)

export type Scenario = z.infer<typeof scenarioSchema>

/** What `npm start` runs. */
export const startScenario = shippedScenario('start.yaml')

/** What it runs where a model is named that has to be downloaded. */
export const realScenario = shippedScenario('real.yaml')

/** Data files are relative to the scenario's own folder. */
export async function readScenario(file: string): Promise<Scenario> {
  const scenario = await readYaml(file, scenarioSchema)
  const folder = dirname(resolve(file))
  const peers = scenario.peers.map((peer) => ({ ...peer, data: resolve(folder, peer.data) }))
  const model = pathOrName(scenario.model, folder)
  const topology = pathOrName(scenario.topology, folder)
  return { ...scenario, peers, model, topology }
}
