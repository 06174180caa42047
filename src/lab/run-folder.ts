/** Where a run leaves what it did: configuration, seed, versions, events, metrics, adapters, report. */
import { existsSync } from 'node:fs'
import { cp, mkdir, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import type { PeerEvent } from '../../peers/events.ts'
import { type EventLog, openEventLog } from '../../peers/wiring/event-log.ts'
import { peerFileName, readPeerFile } from './peer-file.ts'
import { readDocument } from './read-run.ts'
import { type RunFacts, reportPage } from './report/page.ts'
import { simulationPage } from './report/simulation-page.ts'
import type { Scenario } from './scenario.ts'
import type { SimulationFigures } from './simulation/figures.ts'

export interface RunFolder {
  readonly path: string
  readonly facts: RunFacts
  readonly log: EventLog
  /** A peer's own folder: what is in there would never leave its machine. */
  home(peer: string): string
}

/** What of a scenario is told beside the whole of it. */
type Recorded = Pick<Scenario, 'name' | 'seed' | 'model' | 'rounds'> & { readonly peers: readonly object[] }

/** `runs/DATE-NAME`; a second run in the same second gets a number. */
export async function createRunFolder(root: string, scenario: Recorded, now: Date): Promise<RunFolder> {
  await mkdir(root, { recursive: true })
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
  const path = await freshFolder(resolve(root, `${stamp}-${scenario.name}`))
  const { name, seed, model, rounds, peers } = scenario
  const facts = { name, startedAt: now.toISOString(), seed, model, rounds, peers: peers.length, versions: versions() }
  await writeFile(join(path, 'scenario.yaml'), stringify(scenario))
  await writeDocument(path, factsFile, facts)
  return {
    path,
    facts,
    log: openEventLog(join(path, 'events.jsonl')),
    home: (peer) => join(path, 'homes', peer),
  }
}

/**
 * Copies the global adapters out of the homes: one where all these peers agreed, else that of each. Local adapters and
 * synthetic examples stay where they are.
 */
export async function collectAdapters(
  { path, home }: RunFolder,
  peers: readonly string[],
  same: boolean,
): Promise<void> {
  const folderOf = (peer: string): string => join(home(peer), 'adapters', 'global')
  const holders = peers.filter((peer) => existsSync(folderOf(peer)))
  for (const peer of same ? holders.slice(0, 1) : holders) {
    await cp(folderOf(peer), join(path, 'adapters', same ? 'global' : peer), { recursive: true })
  }
}

const factsFile = 'run.json'
/** Of a simulated run: what was measured from outside the peers. */
const simulationFile = 'simulation.json'

export const writeSimulation = (folder: string, figures: SimulationFigures): Promise<void> =>
  writeDocument(folder, simulationFile, figures)

/** Writes `report.html` from what the run left and from its events; returns its path. */
export async function writeReport(folder: string, events: readonly PeerEvent[]): Promise<string> {
  // Runs of before say nothing of how many peers they had.
  const facts = { peers: heard(events), ...(await readDocument(folder, factsFile)) } as RunFacts
  const simulated = existsSync(join(folder, simulationFile))
  const page = simulated
    ? simulationPage(facts, (await readDocument(folder, simulationFile)) as SimulationFigures, events)
    : reportPage(facts, events)
  return writePage(folder, page)
}

/** The same of peers that had machines of their own: into the home of one of them, whose settings say what was run. */
export async function writeReportOfHomes(home: string, events: readonly PeerEvent[]): Promise<string> {
  const { federation, seed, model, rounds } = await readPeerFile(join(home, peerFileName))
  const startedAt = new Date(events[0]?.at ?? 0).toISOString()
  const facts = { name: federation, startedAt, seed, model, rounds, peers: heard(events), versions: {} }
  return writePage(home, reportPage(facts, events))
}

export const isRunFolder = (folder: string): boolean => existsSync(join(folder, factsFile))

const heard = (events: readonly PeerEvent[]): number => new Set(events.map(({ name }) => name)).size

async function writePage(folder: string, page: string): Promise<string> {
  const file = join(folder, 'report.html')
  await writeFile(file, page)
  return file
}

/** A kill in the middle leaves none, and never half of one. */
async function writeDocument(folder: string, name: string, document: object): Promise<void> {
  const file = join(folder, name)
  await writeFile(`${file}.partial`, `${JSON.stringify(document, undefined, 2)}\n`)
  await rename(`${file}.partial`, file)
}

async function freshFolder(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`
    const made = await mkdir(candidate).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
    if (made) return candidate
  }
}

function versions(): Record<string, string> {
  const { version } = createRequire(import.meta.url)(packageFile()) as { version: string }
  return { fedpit: version, node: process.versions.node, platform: `${process.platform}-${process.arch}` }
}

/** package.json stands two folders up in the repository and three up in the compiled tree. */
function packageFile(): string {
  return import.meta.filename.endsWith('.ts') ? '../../package.json' : '../../../package.json'
}
