/** The scenario of `bench:simulate`, and what is told of its run. */
import type { PeerLife } from '../../peers/peer-life.ts'
import { measuredGossip, mostPeersMeasured } from '../../peers/wiring/memory-gossip.ts'
import { type SimulationScenario, simulationSchema } from '../../src/lab/simulation/scenario.ts'
import type { Simulation } from '../../src/lab/simulation/simulate.ts'

const topology = 'base-4'
const numbers = 64

/**
 * Learning takes no longer than needed, because it is the sessions that are timed. Announcements spread as they were seen
 * to among as many peers, or among the most that anybody measured.
 */
export function benchScenario(peers: number, sessions: number): SimulationScenario {
  return simulationSchema.parse({
    name: 'bench',
    peers,
    seed: 'bench',
    rounds: sessions,
    topology,
    deadlines: { join: 60, ready: 60, average: 120, pull: 30, round: 240, leave: 60 },
    standIn: {
      numbers,
      generateSeconds: [0.5, 1],
      trainSeconds: [0.5, 1],
      personaliseSeconds: [0.1, 0.2],
      evaluateSeconds: [0.1, 0.2],
    },
    gossipMs: measuredGossip.spreadMs(Math.min(peers, mostPeersMeasured)),
  })
}

interface MessageCounts {
  /** Of exchanges. */
  exchange: number
  /** Said to all; each reaches everybody. */
  announced: number
}

/** Counts what all peers say. */
export function countMessages(): { readonly counts: MessageCounts; readonly equip: (life: PeerLife) => PeerLife } {
  const counts = { exchange: 0, announced: 0 }
  const equip = (life: PeerLife): PeerLife => ({
    ...life,
    network: {
      ...life.network,
      send(to, message, signal) {
        counts.exchange += 1
        return life.network.send(to, message, signal)
      },
      announce(announcement) {
        counts.announced += 1
        return life.network.announce(announcement)
      },
    },
  })
  return { counts, equip }
}

interface Measured {
  readonly wallSeconds: number
  readonly messages: MessageCounts
  readonly bytes: number
}

export type BenchResult = ReturnType<typeof resultOf>

export function resultOf(scenario: SimulationScenario, simulation: Simulation, measured: Measured) {
  const { sessions, seconds, events, unfinished, digest } = simulation
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const last = sessions.at(-1)
  return {
    peers: scenario.peers.length,
    rounds: scenario.rounds,
    topology,
    numbers,
    gossipMs: scenario.gossipMs,
    wallSeconds: measured.wallSeconds,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMB: maxRSS / 1024,
    simulatedSeconds: seconds,
    events,
    messages: measured.messages,
    megabytesSent: measured.bytes / 1e6,
    sessions: sessions.length,
    members: Math.min(...sessions.map(({ members }) => members)),
    sumsKept: sessions.every(({ sumKept }) => sumKept),
    results: Math.max(...sessions.map(({ results }) => results)),
    mixings: last === undefined ? 0 : last.consensus.length - 1,
    apartBefore: last?.consensus[0] ?? null,
    apartMixed: last?.consensus.at(-1) ?? null,
    error: Math.max(...sessions.map(({ error }) => error)),
    unfinished: unfinished.length,
    digest,
  }
}

export function textOf(result: BenchResult): string {
  const { peers, wallSeconds, cpuSeconds, peakMB, simulatedSeconds, messages, megabytesSent, sessions, members } =
    result
  const { rounds, mixings, apartBefore, apartMixed, error, sumsKept, results, unfinished, digest, gossipMs } = result
  const short = (value: number | null): string => (value === null ? '-' : value.toExponential(2))
  return `${[
    `${peers} peers, ${rounds} rounds of ${topology} with ${numbers} numbers: ${wallSeconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU), at most ${peakMB.toFixed(0)} MB`,
    `${simulatedSeconds.toFixed(1)} simulated s; ${messages.exchange} messages of exchanges, ${messages.announced} announcements to all, ${megabytesSent.toFixed(0)} MB sent`,
    `Announcements are modelled: all have heard one after ${gossipMs} ms`,
    `${sessions} sessions of at least ${members} members, every sum kept: ${sumsKept ? 'yes' : 'NO'}; different results in one: at most ${results}`,
    `The last: ${mixings} mixing rounds from ${short(apartBefore)} apart to ${short(apartMixed)}; furthest from the true mean in any: ${short(error)}`,
    `Not at their end in time: ${unfinished}; digest of the events ${digest}`,
  ].join('\n')}\n`
}
