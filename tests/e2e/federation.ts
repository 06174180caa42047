/** Real processes of `fedpit peer` on loopback, with the tiny model: started, followed and killed by tests. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { PeerEvent } from '../../peers/events.ts'
import { writeExamples, writeTinyModel } from '../fixtures/tiny-model.ts'

export const fedpit = 'src/cli/fedpit.js'

/** Milliseconds after which a test hangs, on any machine: nothing is promised by it. */
export const hanging = 600_000

/** Small enough for the tiny model, generous enough for a busy machine. */
export const plan = {
  federation: 'test',
  rounds: 2,
  fedpit: {
    candidates: 4,
    keep: 3,
    attempts: 6,
    triesPerCandidate: 8,
    instructionTokens: 24,
    responseTokens: 48,
    demonstrations: 2,
    temperature: 1,
    topP: 1,
    training: { epochs: 2, batchSize: 4, maxTokens: 128 },
  },
  evaluation: { heldOut: 0.2, maxNewTokens: 4 },
  deadlines: { join: 60, ready: 60, average: 20, pull: 20, round: 60, leave: 60 },
  engine: { device: 'cpu', threads: 1 },
}

export interface Federation {
  readonly folder: string
  readonly model: string
  readonly env: NodeJS.ProcessEnv
  /** Private examples of a peer. */
  data(name: string): string
  remove(): Promise<void>
}

export async function createFederation(names: readonly string[]): Promise<Federation> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-e2e-'))
  const model = join(folder, 'model')
  await writeTinyModel(model)
  const data = (name: string): string => join(folder, `${name}.jsonl`)
  for (const [i, name] of names.entries()) await writeExamples(data(name), i + 1)
  return {
    folder,
    model,
    data,
    env: { ...process.env, FEDPIT_HOME: join(folder, 'home') },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

interface PeerEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningPeer {
  readonly name: string
  readonly events: PeerEvent[]
  /** The first event, past or to come, that fits; rejects when the peer ends before. */
  seen(fits: (event: PeerEvent) => boolean): Promise<PeerEvent>
  /** What the pattern's first group matches of what it says to people, now or later; rejects likewise. */
  printed(pattern: RegExp): Promise<string>
  /** At once, with no word to anybody. */
  kill(): void
  readonly ended: Promise<PeerEnd>
}

export async function startPeer(
  federation: Federation,
  name: string,
  settings: { readonly peers: number; readonly join: readonly string[]; readonly [key: string]: unknown },
): Promise<RunningPeer> {
  const home = join(federation.folder, 'homes', name)
  await mkdir(home, { recursive: true, mode: 0o700 })
  const file = { name, data: federation.data(name), model: federation.model, listen: ['/ip4/127.0.0.1/tcp/0'], ...plan }
  await writeFile(join(home, 'fedpit.yaml'), stringify({ ...file, ...settings }))
  return followPeer(name, ['--home', home], federation.env)
}

/** `fedpit peer` with these arguments, for a home that is there. */
export function followPeer(name: string, args: readonly string[], env: NodeJS.ProcessEnv): RunningPeer {
  return follow(name, fork(fedpit, ['peer', ...args], { env, execArgv: [], silent: true }))
}

function follow(name: string, child: ChildProcess): RunningPeer {
  const events: PeerEvent[] = []
  const watchers = new Set<() => void>()
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const watcher of watchers) watcher()
  })
  child.on('message', (message) => {
    events.push(message as PeerEvent)
    for (const watcher of watchers) watcher()
  })
  const ended = new Promise<PeerEnd>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  const soon = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find()
        if (found === undefined) return
        watchers.delete(look)
        resolve(found)
      }
      watchers.add(look)
      look()
      void ended.then(() => reject(new Error(`${name} ended before it was seen: ${stderr.slice(-800)}`)))
    })
  return {
    name,
    events,
    ended,
    kill: () => void child.kill('SIGKILL'),
    seen: (fits) => soon(() => events.find(fits)),
    printed: (pattern) => soon(() => pattern.exec(stderr)?.[1]),
  }
}

export const inPhase =
  (phase: string, round: number) =>
  (event: PeerEvent): boolean =>
    event.type === 'phase' && event.phase === phase && event.round === round

/** Where a peer can be joined. */
export async function addressesOf(peer: RunningPeer): Promise<readonly string[]> {
  const event = await peer.seen(({ type }) => type === 'listening')
  return event.type === 'listening' ? event.addresses : []
}

/** Of the global adapter a peer ended with. */
export function lastDigest({ events }: RunningPeer): string | undefined {
  const last = events.findLast(({ type }) => type === 'averaged' || type === 'pulled')
  return last?.type === 'averaged' || last?.type === 'pulled' ? last.digest : undefined
}
