/** Where a run leaves what it did: configuration, seed, versions, events, metrics, adapters, report. */
import { createReadStream, existsSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import type { PeerEvent } from '../../peers/events.ts'
import { type EventLog, openEventLog } from '../../peers/wiring/event-log.ts'
import { inputError } from '../core/errors.ts'
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
type Recorded = Pick<Scenario, 'name' | 'seed' | 'model' | 'rounds'>

/** `runs/DATE-NAME`; a second run in the same second gets a number. */
export async function createRunFolder(root: string, scenario: Recorded, now: Date): Promise<RunFolder> {
  await mkdir(root, { recursive: true })
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
  const path = await freshFolder(resolve(root, `${stamp}-${scenario.name}`))
  const { name, seed, model, rounds } = scenario
  const facts = { name, startedAt: now.toISOString(), seed, model, rounds, versions: versions() }
  await writeFile(join(path, 'scenario.yaml'), stringify(scenario))
  await writeFile(join(path, 'run.json'), `${JSON.stringify(facts, undefined, 2)}\n`)
  return {
    path,
    facts,
    log: openEventLog(join(path, 'events.jsonl')),
    home: (peer) => join(path, 'homes', peer),
  }
}

/**
 * Copies the global adapters out of the homes: one where all peers agreed, else that of each peer. Local adapters and
 * synthetic examples stay where they are.
 */
export async function collectAdapters(
  { path, home }: RunFolder,
  peers: readonly string[],
  same: boolean,
): Promise<void> {
  for (const peer of same ? peers.slice(0, 1) : peers) {
    const from = join(home(peer), 'adapters', 'global')
    if (existsSync(from)) await cp(from, join(path, 'adapters', same ? 'global' : peer), { recursive: true })
  }
}

/** Of a simulated run: what was measured from outside the peers. */
const simulationFile = 'simulation.json'

export async function writeSimulation(folder: string, figures: SimulationFigures): Promise<void> {
  await writeFile(join(folder, simulationFile), `${JSON.stringify(figures, undefined, 2)}\n`)
}

/** Writes `report.html` from what the run left and from its events; returns its path. */
export async function writeReport(folder: string, events: readonly PeerEvent[]): Promise<string> {
  const facts = JSON.parse(await readRunFile(folder, 'run.json')) as RunFacts
  const simulated = existsSync(join(folder, simulationFile))
  const page = simulated
    ? simulationPage(facts, JSON.parse(await readRunFile(folder, simulationFile)) as SimulationFigures, events)
    : reportPage(facts, events)
  const file = join(folder, 'report.html')
  await writeFile(file, page)
  return file
}

/** By lines, as a long run's are more than a string holds. A last line that a kill cut short is left out. */
export async function readEvents(folder: string): Promise<PeerEvent[]> {
  const name = 'events.jsonl'
  const events: PeerEvent[] = []
  let rest = ''
  try {
    for await (const text of createReadStream(join(folder, name), 'utf8')) {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() as string
      for (const line of lines) events.push(JSON.parse(line) as PeerEvent)
    }
  } catch (error) {
    throw unread(folder, name, error)
  }
  return events
}

async function readRunFile(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8').catch((error: unknown) => {
    throw unread(folder, name, error)
  })
}

const unread = (folder: string, name: string, error: unknown): unknown =>
  error instanceof Error && 'code' in error
    ? inputError('run.absent', `Cannot read ${join(folder, name)}: expected the folder of a run, got ${error.code}`)
    : error

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
