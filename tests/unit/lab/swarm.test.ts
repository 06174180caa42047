import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { peerFileName, readPeerFile } from '../../../src/lab/peer-file.ts'
import { readScenario, type Scenario, startScenario } from '../../../src/lab/scenario.ts'
import { type Launch, runSwarm } from '../../../src/lab/swarm.ts'

const launchWith =
  (run: (name: string) => Promise<string>): Launch =>
  async (home, publish) => {
    const { name } = await readPeerFile(join(home, peerFileName))
    publish({ at: 0, peer: name, name, type: 'listening', addresses: [`/ip4/127.0.0.1/tcp/1/p2p/${name}`] })
    return run(name)
  }

async function swarm(launch: Launch, homes: string) {
  const scenario = await readScenario(startScenario)
  const homeOf = (peer: string): string => join(homes, peer)
  return {
    scenario,
    ends: await runSwarm({ scenario, homeOf, launch, publish: () => {} }, new AbortController().signal),
  }
}

const withFolder = async (body: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-swarm-'))
  await body(folder).finally(() => rm(folder, { recursive: true }))
}

test('runSwarm() gives every peer a home of its own, and the others join through the first', () =>
  withFolder(async (homes) => {
    const { scenario } = await swarm(
      launchWith(async () => 'done'),
      homes,
    )
    const files = await Promise.all(scenario.peers.map(({ name }) => readPeerFile(join(homes, name, peerFileName))))
    const first = files[0]?.name
    assert.deepEqual(
      files.map(({ name, join: joins, peers }) => ({ name, joins, peers })),
      scenario.peers.map(({ name }, i) => ({
        name,
        joins: i === 0 ? [] : [`/ip4/127.0.0.1/tcp/1/p2p/${first}`],
        peers: scenario.peers.length,
      })),
    )
    assert.deepEqual(
      files.map(({ data }) => data),
      scenario.peers.map(({ data }) => data),
    )
  }))

test('runSwarm() tells more than ten peers that they share one address', () =>
  withFolder(async (homes) => {
    const { peers, ...shared } = await readScenario(startScenario)
    const [one] = peers
    assert.ok(one)
    for (const count of [10, 11]) {
      const scenario: Scenario = {
        ...shared,
        peers: Array.from({ length: count }, (_, i) => ({ ...one, name: `peer-${i}` })),
      }
      const homeOf = (peer: string): string => join(homes, `${count}`, peer)
      const launch = launchWith(async () => 'done')
      await runSwarm({ scenario, homeOf, launch, publish: () => {} }, new AbortController().signal)
      for (const { name } of scenario.peers) {
        const { manyPeersPerAddress } = await readPeerFile(join(homeOf(name), peerFileName))
        assert.equal(manyPeersPerAddress, count > 10, name)
      }
    }
  }))

test('runSwarm() lets the others finish when a peer fails, and says which and why', () =>
  withFolder(async (homes) => {
    const { ends, scenario } = await swarm(
      launchWith(async (name) => {
        if (name === scenarioSecond) throw new Error('no memory')
        return 'done'
      }),
      homes,
    )
    assert.equal(ends.length, scenario.peers.length)
    assert.deepEqual(
      ends.filter(({ failed }) => failed),
      [{ name: scenarioSecond, reason: 'no memory', failed: true }],
    )
  }))

const scenarioSecond = (await readScenario(startScenario)).peers[1]?.name ?? ''

test('runSwarm() says why when the first peer does not come up', () =>
  withFolder(async (homes) => {
    const launch: Launch = () => Promise.reject(new Error('address in use'))
    await assert.rejects(swarm(launch, homes), { code: 'swarm.first', message: /address in use/ })
  }))
