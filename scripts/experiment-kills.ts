/**
 * `npm run experiment:kills [-- --model smollm2-135m-instruct] [--rounds 10] [--format json]`: how long a peer that is
 * killed with -9 delays the others. Four processes; in each phase in turn one of them dies, and comes back. A run
 * without a kill gives the base.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Deadlines } from '../peers/behaviour/lifecycle-parts.ts'
import type { Phase } from '../peers/events.ts'
import { localError } from '../src/core/errors.ts'
import { peerFileName, readPeerFile } from '../src/lab/peer-file.ts'
import { align } from '../src/lab/table.ts'
import { lastDigest } from '../tests/e2e/federation.ts'
import { createFolders } from './experiments/folders.ts'
import { boundOf, compareWait, type Wait } from './experiments/kill-measure.ts'
import { type RunEnd, runFederation, waitingAfter } from './experiments/kill-run.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'tiny' },
    // As many as it takes a peer to come back: one of the tiny model is over within a second.
    rounds: { type: 'string', default: '10' },
    format: { type: 'string', default: 'text' },
  },
})
const phases: readonly Phase[] = ['joining', 'generating', 'training', 'averaging', 'personalising', 'evaluating']
const tinyDeadlines = { join: 15, ready: 30, average: 10, pull: 10, round: 60, leave: 60 }
const settings = {
  rounds: wholeNumber('--rounds', values.rounds),
  listen: ['/ip4/127.0.0.1/tcp/0'],
  ...(values.model === 'tiny' ? { deadlines: tinyDeadlines } : {}),
}
const note = (line: string) => process.stderr.write(`${line}\n`)

interface Run extends RunEnd {
  readonly deadlines: Deadlines
  readonly seconds: number
}

interface Kill {
  readonly phase: Phase
  /** Of the survivor that was delayed most; null where one of them did not get to the end of its wait. */
  readonly delaySeconds: number | null
  /** The longest that the configured deadlines let it wait. */
  readonly boundSeconds: number
  readonly finished: boolean
  readonly rejoined: boolean
  readonly digests: Readonly<Record<string, string | null>>
  readonly waits: readonly Wait[]
}

/** New homes, and peers in them; what goes on for longer than all deadlines together allow is ended. */
async function run(phase: Phase | undefined, signal: AbortSignal): Promise<Run> {
  note(phase === undefined ? 'Four peers, nobody is killed' : `Four peers, one is killed while ${phase}`)
  const folders = await createFolders(values.model, 4, settings)
  try {
    const { deadlines, rounds } = await readPeerFile(join(folders.peers[0]?.home ?? '', peerFileName))
    const limitMs = 1000 * (deadlines.join + rounds * deadlines.round + deadlines.leave)
    const begun = performance.now()
    const end = await runFederation(folders, phase, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]))
    signal.throwIfAborted()
    const seconds = Math.round(performance.now() - begun) / 1000
    note(`  ${end.finished.join(', ') || 'nobody'} finished after ${seconds.toFixed(1)} s`)
    return { ...end, deadlines, seconds }
  } finally {
    await folders.remove()
  }
}

function judge(phase: Phase, { survivors, restarted, death, finished, deadlines }: Run, control: Run): Kill {
  const waits = survivors.flatMap(({ name, events }) => {
    const base = control.survivors.find((peer) => peer.name === name)?.events ?? []
    return compareWait(events, base, death, waitingAfter(phase)) ?? []
  })
  const [most] = waits.length < survivors.length ? [] : waits.toSorted((a, b) => delayOf(b) - delayOf(a))
  const all = restarted === undefined ? survivors : [...survivors, restarted]
  return {
    phase,
    delaySeconds: most === undefined ? null : delayOf(most),
    boundSeconds: boundOf(waitingAfter(phase), deadlines),
    finished: survivors.every(({ name }) => finished.includes(name)),
    rejoined: restarted?.events.some((event) => event.type === 'averaged' && event.peers >= 2) ?? false,
    digests: Object.fromEntries(all.map((peer) => [peer.name, lastDigest(peer) ?? null])),
    waits,
  }
}

const delayOf = ({ seconds, controlSeconds }: Wait): number => Math.round(1000 * (seconds - controlSeconds)) / 1000

/** A timer is late where every core is busy. */
const lateSeconds = 1

const good = ({ delaySeconds, boundSeconds, finished, rejoined, digests, waits }: Kill): boolean =>
  delaySeconds !== null &&
  finished &&
  rejoined &&
  new Set(Object.values(digests)).size === 1 &&
  waits.every(({ seconds }) => seconds <= boundSeconds + lateSeconds)

function table(kills: readonly Kill[], names: readonly string[]): string {
  const head = ['killed while', ...names, 'delay', 'deadlines', 'finished', 'took part again', 'digests']
  const rows = kills.map(({ phase, delaySeconds, boundSeconds, finished, rejoined, digests, waits }) => [
    phase,
    ...names.map((name) => {
      const wait = waits.find((other) => other.name === name)
      return wait === undefined ? '-' : `${wait.seconds.toFixed(2)} (${wait.controlSeconds.toFixed(2)})`
    }),
    delaySeconds?.toFixed(2) ?? '-',
    boundSeconds.toFixed(0),
    finished ? 'yes' : 'NO',
    rejoined ? 'yes' : 'NO',
    String(new Set(Object.values(digests)).size),
  ])
  return align([head, ...rows])
}

async function main(): Promise<void> {
  const stop = new AbortController()
  const interrupted = localError('experiment.interrupted', 'Cannot finish the experiment: it was interrupted')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort(interrupted))
  const control = await run(undefined, stop.signal)
  const kills: Kill[] = []
  for (const phase of phases) kills.push(judge(phase, await run(phase, stop.signal), control))
  const digests = Object.fromEntries(control.survivors.map((peer) => [peer.name, lastDigest(peer) ?? null]))
  const finished = control.finished.length === control.survivors.length
  const same = finished && new Set(Object.values(digests)).size === 1 && kills.every(good)
  if (values.format === 'json') {
    const base = { seconds: control.seconds, finished, digests }
    const document = { model: values.model, rounds: settings.rounds, control: base, kills }
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`)
  } else {
    const names = control.survivors.map(({ name }) => name).slice(0, -1)
    const legend =
      'Seconds of the first wait of each survivor that ended after the kill; in brackets the same wait without one.'
    const verdict = same
      ? 'Nobody waited longer than the deadlines; all finished, took part again and hold one adapter.'
      : 'NOT all waited within the deadlines, finished, took part again and hold one adapter.'
    process.stdout.write(`${[table(kills, names), legend, verdict].join('\n\n')}\n`)
  }
  if (!same) process.exitCode = 1
}

await main()
