/**
 * A folder for each peer of an experiment, as a person would make it on each machine: private data, and a home with
 * fedpit.yaml. `tiny` is the random model of the tests, with which a round takes a second; any other model is used with
 * the settings and the data of `npm start`.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { inputError } from '../../src/core/errors.ts'
import { peerFileName } from '../../src/lab/peer-file.ts'
import { readScenario, realScenario } from '../../src/lab/scenario.ts'
import { createFederation, plan as tinyPlan } from '../../tests/e2e/federation.ts'

export interface PeerFolder {
  readonly name: string
  /** Where `fedpit peer` is typed. */
  readonly folder: string
  /** Its home, `fedpit-peer` in the folder. */
  readonly home: string
  readonly data: string
}

export interface PeerFolders {
  readonly peers: readonly PeerFolder[]
  /** As fedpit.yaml names it. */
  readonly model: string
  readonly env: NodeJS.ProcessEnv
  remove(): Promise<void>
}

const names = ['clinic', 'bank', 'law-office', 'school']

/** `settings` overrides what fedpit.yaml would say. */
export async function createFolders(model: string, count: number, settings: object): Promise<PeerFolders> {
  if (count > names.length) throw inputError('experiment.peers', `Cannot run ${count} peers: expected at most 4`)
  const root = await mkdtemp(join(tmpdir(), 'fedpit-experiment-'))
  const { shared, dataOf, env, remove } = model === 'tiny' ? await tiny() : await real(model)
  const peers = names.slice(0, count).map((name) => {
    const folder = join(root, name)
    return { name, folder, home: join(folder, 'fedpit-peer'), data: dataOf(name) }
  })
  for (const { name, home, data } of peers) {
    await mkdir(home, { recursive: true, mode: 0o700 })
    await writeFile(join(home, peerFileName), stringify({ ...shared, name, data, peers: count, ...settings }))
  }
  return {
    peers,
    model: shared.model,
    env,
    async remove() {
      await rm(root, { recursive: true, force: true })
      await remove()
    },
  }
}

interface Source {
  readonly shared: { readonly model: string }
  readonly dataOf: (name: string) => string
  readonly env: NodeJS.ProcessEnv
  readonly remove: () => Promise<void>
}

async function tiny(): Promise<Source> {
  const { model, data, env, remove } = await createFederation(names)
  return { shared: { ...tinyPlan, model }, dataOf: data, env, remove }
}

async function real(model: string): Promise<Source> {
  const { name: _, peers, ...shared } = await readScenario(realScenario)
  const dataOf = (name: string): string => peers.find((peer) => peer.name === name)?.data ?? ''
  return { shared: { ...shared, model }, dataOf, env: process.env, remove: async () => {} }
}
