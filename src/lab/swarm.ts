/** Many peers on this machine: each with its own home, key and libp2p node; in this process or in one of its own. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { PeerEvent } from '../../peers/events.ts'
import { localError } from '../core/errors.ts'
import { type PeerFile, peerFileName } from './peer-file.ts'
import type { Scenario } from './scenario.ts'

/** Runs one peer until it ends; resolves to the reason, `done` when its rounds are. Its settings stand in `fedpit.yaml` in its home. */
export type Launch = (home: string, publish: (event: PeerEvent) => void, signal: AbortSignal) => Promise<string>

export interface Swarm {
  readonly scenario: Scenario
  readonly homeOf: (peer: string) => string
  readonly launch: Launch
  readonly publish: (event: PeerEvent) => void
}

export interface PeerEnd {
  readonly name: string
  readonly reason: string
  /** It did not do all its rounds. */
  readonly failed: boolean
}

/** The first peer listens, then the others join through it; resolves when all have ended. */
export async function runSwarm({ scenario, homeOf, launch, publish }: Swarm, signal: AbortSignal): Promise<PeerEnd[]> {
  const [first, ...rest] = scenario.peers
  if (first === undefined) return []
  const listening = Promise.withResolvers<readonly string[]>()
  const run = async (peer: Scenario['peers'][number], joins: readonly string[]): Promise<PeerEnd> => {
    const home = homeOf(peer.name)
    await writeHome(home, scenario, peer, joins)
    const watch = (event: PeerEvent): void => {
      if (event.type === 'listening' && peer === first) listening.resolve(event.addresses)
      publish(event)
    }
    try {
      const reason = await launch(home, watch, signal)
      return { name: peer.name, reason, failed: reason !== 'done' }
    } catch (error) {
      return { name: peer.name, reason: error instanceof Error ? error.message : String(error), failed: true }
    }
  }
  const firstEnd = run(first, [])
  const addresses = await Promise.race([listening.promise, firstEnd])
  if ('failed' in addresses) {
    throw localError('swarm.first', `Cannot start the swarm: peer ${first.name} ended at once: ${addresses.reason}`)
  }
  return Promise.all([firstEnd, ...rest.map((peer) => run(peer, addresses))])
}

async function writeHome(
  home: string,
  scenario: Scenario,
  { name, data, rank }: Scenario['peers'][number],
  join_: readonly string[],
): Promise<void> {
  const { peers, name: _, ...shared } = scenario
  const own = { name, data, ...(rank === undefined ? {} : { rank }) }
  const net = {
    listen: ['/ip4/127.0.0.1/tcp/0'],
    announce: [],
    join: [...join_],
    manyPeersPerAddress: peers.length > 10,
  }
  const file = { ...shared, ...own, ...net, peers: peers.length }
  await mkdir(home, { recursive: true, mode: 0o700 })
  await writeFile(join(home, peerFileName), stringify(file satisfies PeerFile))
}
