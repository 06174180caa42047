/**
 * `npm run experiment:namespaces [-- --model smollm2-135m-instruct] [--format json]`: three peers in three network
 * namespaces, the second and third with nothing but the line that `fedpit peer` prints for the next machine. Needs
 * Linux, root and `ip`.
 */
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { PeerEvent } from '../peers/events.ts'
import { localError } from '../src/core/errors.ts'
import { agreed, outcomeDocument, outcomesOf } from '../src/lab/outcome.ts'
import { peerFileName } from '../src/lab/peer-file.ts'
import { readEvents } from '../src/lab/read-run.ts'
import { outcomeTable, timeTable } from '../src/lab/table.ts'
import { createFolders, type PeerFolder, type PeerFolders } from './experiments/folders.ts'
import { createMachines, type Machine, whyNoNamespaces } from './experiments/namespaces.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'tiny' },
    rounds: { type: 'string', default: '3' },
    format: { type: 'string', default: 'text' },
  },
})
const count = 3
const rounds = wholeNumber('--rounds', values.rounds)
const executable = resolve(import.meta.dirname, '../src/cli/fedpit.js')
const note = (line: string) => process.stderr.write(`${line}\n`)

/** Types `line` on a machine; `printed` resolves to the line that the peer prints for the next one. */
function type(
  line: string,
  machine: Machine,
  { folder, name }: PeerFolder,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
) {
  note(`${name} on ${machine.address}: ${line}`)
  const command = line.replace(/^fedpit/, 'exec "$0" "$1"')
  const args = ['netns', 'exec', machine.namespace, 'sh', '-c', command, process.execPath, executable]
  const child = spawn('ip', args, { cwd: folder, env, signal, stdio: ['ignore', 'ignore', 'pipe'] })
  const printed = Promise.withResolvers<string>()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const found = /^ +(fedpit peer --join .*)$/m.exec(said)?.[1]
    if (found !== undefined) printed.resolve(found)
  })
  const ended = new Promise<void>((done, fail) => {
    child.on('error', () => {})
    child.on('close', (code) => {
      const failure = localError('experiment.peer', `Peer ${name} ended with ${code}: ${said.trim().slice(-800)}`)
      printed.reject(failure)
      if (code === 0) done()
      else fail(failure)
    })
  })
  printed.promise.catch(() => {})
  return { printed: printed.promise, ended }
}

/** When it resolves or rejects, no peer is left. */
async function runOn(
  machines: readonly Machine[],
  { peers, model, env }: PeerFolders,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const ends: Promise<void>[] = []
  let line = 'fedpit peer --data FILE'
  try {
    for (const [i, peer] of peers.entries()) {
      // The first one has settings of its own choice; to the others they come with the line.
      if (i > 0) await rm(join(peer.home, peerFileName))
      const typed = `${line.replace('FILE', peer.data).replace('MODEL', model)} --name ${peer.name}`
      const { printed, ended } = type(typed, machines[i] as Machine, peer, env, either)
      ends.push(ended)
      ended.catch(() => failed.abort())
      line = await printed
    }
    await Promise.all(ends)
  } finally {
    await Promise.allSettled(ends)
  }
}

async function main(): Promise<void> {
  const impossible = whyNoNamespaces()
  if (impossible) throw localError('experiment.namespaces', `Cannot make network namespaces: ${impossible}`)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const folders = await createFolders(values.model, count, { rounds })
  const network = createMachines(count)
  const begun = performance.now()
  try {
    await runOn(network.machines, folders, stop.signal)
    const seconds = (performance.now() - begun) / 1000
    const events = (await Promise.all(folders.peers.map(({ home }) => readEvents(home)))).flat()
    print(events, network.machines, folders.peers, seconds)
  } finally {
    network.remove()
    await folders.remove()
  }
}

function print(
  events: PeerEvent[],
  machines: readonly Machine[],
  folders: readonly PeerFolder[],
  seconds: number,
): void {
  const outcomes = outcomesOf(events)
  // A peer whose filters left nothing has nothing to mix in: it takes the others' adapter, and its round counts too.
  const averages = events.filter((event) => event.type === 'averaged')
  const peers = outcomes.map((outcome) => ({
    address: machines[folders.findIndex(({ name }) => name === outcome.name)]?.address,
    rounds: averages.filter(({ name }) => name === outcome.name).length,
    ...outcomeDocument(outcome),
  }))
  const digests = new Set(averages.map(({ round, digest }) => `${round} ${digest}`))
  const same = agreed(outcomes) && peers.every((peer) => peer.rounds === rounds) && digests.size === rounds
  if (values.format === 'json') {
    const document = { model: values.model, rounds, agreed: same, seconds: Math.round(seconds * 10) / 10, peers }
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`)
  } else {
    const verdict = same
      ? `All three hold the same global adapter after each of ${rounds} rounds; ${seconds.toFixed(1)} s in all.`
      : `The peers did NOT do ${rounds} rounds each, or do NOT hold the same global adapter after each.`
    process.stdout.write(`${[outcomeTable(outcomes), timeTable(outcomes), verdict].join('\n\n')}\n`)
  }
  if (!same) process.exitCode = 1
}

await main()
