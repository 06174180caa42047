/**
 * `npm run bench:simulate -- [--peers N] [--sessions N] [--format json]`: a simulation of the size that is asked of it,
 * timed: 10,000 peers, ten sessions of Base-4 with a 64-number state. That its sessions were real ones can be seen by how
 * far their members were from the true mean, before and after, and by what was sent.
 */
import { parseArgs } from 'node:util'
import type { PeerEvent } from '../peers/events.ts'
import { simulate } from '../src/lab/simulation/simulate.ts'
import { benchScenario, countMessages, resultOf, textOf } from './bench/simulation.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '10000' },
    sessions: { type: 'string', default: '10' },
    format: { type: 'string', default: 'text' },
  },
})
const scenario = benchScenario(wholeNumber('--peers', values.peers), wholeNumber('--sessions', values.sessions))
const messages = countMessages()
/** What each peer has sent so far. */
const sent = new Map<string, number>()
const publish = (event: PeerEvent): void => {
  if (event.type === 'traffic') sent.set(event.peer, event.sent)
}
const begun = performance.now()
let told = begun
const onProgress = (seconds: number): void => {
  if (performance.now() - told < 5000) return
  told = performance.now()
  process.stderr.write(`${((told - begun) / 1000).toFixed(0)} s: second ${seconds.toFixed(0)} of the simulation\n`)
}
const simulation = await simulate(scenario, { publish, onProgress }, new AbortController().signal, messages)
const wallSeconds = (performance.now() - begun) / 1000
const bytes = [...sent.values()].reduce((sum, one) => sum + one, 0)
const result = resultOf(scenario, simulation, { wallSeconds, messages: messages.counts, bytes })
process.stdout.write(values.format === 'json' ? `${JSON.stringify(result, undefined, 2)}\n` : textOf(result))
