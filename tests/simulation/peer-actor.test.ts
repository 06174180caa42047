import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent, PeerEventBody } from '../../peers/events.ts'
import type { Network } from '../../peers/kernel/ports.ts'
import { createVirtualClock, type VirtualClock } from '../../peers/kernel/virtual-clock.ts'
import { createMemoryNetworks, type MemoryNetworks } from '../../peers/wiring/memory-network.ts'
import { type PeerWork, runPeerActor } from '../../peers/wiring/peer-actor.ts'
import { createRandom } from '../../src/core/random.ts'

const second = 1_000
const deadlines = {
  join: 60 * second,
  ready: 60 * second,
  average: 20 * second,
  pull: 10 * second,
  round: 120 * second,
  leave: 60 * second,
}
const restart = { limit: 2, windowMs: 600 * second, backoffMs: second, maxBackoffMs: 10 * second }
const names = ['ada', 'bob', 'cyd']

interface Stage {
  readonly clock: VirtualClock
  readonly networks: MemoryNetworks
  readonly events: PeerEvent[]
  readonly disk: Map<string, { completed: number; digest: string }>
}

function createStage(seed: string): Stage {
  const clock = createVirtualClock()
  return { clock, networks: createMemoryNetworks(clock, createRandom(seed)), events: [], disk: new Map() }
}

interface Life {
  readonly failures: number
  /** What it says when its work is ended early. */
  readonly lastWords?: PeerEventBody
  dead: boolean
}

/** The adapter of a round is its name; a pull really fetches it. What a dead process would save is not saved. */
function scriptedWork(stage: Stage, name: string, network: Network, life: Life): PeerWork {
  const { clock, disk } = stage
  let failing = life.failures
  const seconds = 10
  return {
    async run(task, signal, report) {
      if (task.kind === 'work') {
        await clock.sleep((seconds / 2) * second, signal).catch(async (error) => {
          await clock.sleep(second)
          if (life.lastWords !== undefined) say(stage, name, life.lastWords)
          throw error
        })
        if (failing > 0) {
          failing -= 1
          throw new Error('the engine died')
        }
        report({ type: 'generated' })
        await clock.sleep((seconds / 2) * second, signal)
        return { type: 'trained', contributes: true }
      }
      if (task.kind === 'average') {
        await clock.sleep(second, signal)
        const digest = `r${task.round}`
        network.offer(digest, new TextEncoder().encode(digest))
        return { type: 'averaged', digest }
      }
      if (task.kind === 'pull') {
        const { digest, holders } = task.checkpoint
        network.offer(digest, await network.fetch(digest, digest.length, holders, signal))
        return { type: 'pulled', checkpoint: task.checkpoint }
      }
      await clock.sleep(second, signal)
      return { type: task.kind === 'personalise' ? 'personalised' : 'evaluated' }
    },
    async save(completed, digest) {
      if (!life.dead) disk.set(name, { completed, digest })
    },
    describe: (digest) => ({ bytes: digest.length, metrics: {} }),
  }
}

function say({ clock, events }: Stage, name: string, event: PeerEventBody): void {
  events.push({ at: clock.now(), peer: name, name, ...event })
}

function start(stage: Stage, name: string, failures = 0, lastWords?: PeerEventBody) {
  const { clock, networks, disk } = stage
  const network = networks.create(name, name)
  const abort = new AbortController()
  const saved = disk.get(name)
  const config = {
    self: name,
    name,
    completed: saved?.completed ?? 0,
    base: saved?.digest ?? 'start',
    rounds: 3,
    deadlines,
    examples: 1,
    expected: names.length - 1,
  }
  const publish = (event: PeerEventBody): void => say(stage, name, event)
  const life: Life = { failures, dead: false, ...(lastWords === undefined ? {} : { lastWords }) }
  const work = scriptedWork(stage, name, network, life)
  const ports = { network, hearing: network.hearing, clock, work, publish }
  const end = runPeerActor({ config, ...ports, beatMs: 2 * second, restart }, abort.signal)
  const kill = (): void => {
    life.dead = true
    networks.kill(name)
  }
  return { end, abort, kill }
}

const reached = (stage: Stage, name: string, phase: string, round: number) => async (): Promise<void> => {
  const there = (event: PeerEvent): boolean =>
    event.name === name && event.type === 'phase' && event.phase === phase && event.round === round
  while (!stage.events.some(there)) await stage.clock.advance(second / 4)
}

test('runPeerActor() takes three peers through their rounds over a network to one adapter', async () => {
  const stage = createStage('three')
  const peers = names.map((name) => start(stage, name))
  const reasons = await stage.clock.until(Promise.all(peers.map(({ end }) => end)))
  assert.deepEqual(reasons, ['done', 'done', 'done'])
  for (const name of names) assert.deepEqual(stage.disk.get(name), { completed: 3, digest: 'r3' })
  assert.ok(stage.clock.now() < 60 * second, `took ${stage.clock.now()} ms`)
})

test('runPeerActor() tries failed work again with a back-off, and the others wait for it', async () => {
  const stage = createStage('failing')
  const peers = names.map((name) => start(stage, name, name === 'bob' ? 2 : 0))
  await stage.clock.until(Promise.all(peers.map(({ end }) => end)))
  const retries = stage.events.filter((event) => event.type === 'warning' && event.code === 'task.restarted')
  assert.deepEqual(
    retries.map(({ name }) => name),
    ['bob', 'bob'],
  )
  for (const name of names) assert.deepEqual(stage.disk.get(name), { completed: 3, digest: 'r3' })
})

test('runPeerActor() leaves with the reason when work fails too often, and the others finish', async () => {
  const stage = createStage('hopeless')
  const peers = names.map((name) => start(stage, name, name === 'bob' ? 99 : 0))
  const reasons = await stage.clock.until(Promise.all(peers.map(({ end }) => end)))
  assert.deepEqual(reasons, ['done', 'the engine died', 'done'])
})

for (const phase of ['generating', 'training', 'averaging', 'personalising', 'evaluating']) {
  test(`a peer killed while ${phase} delays nobody beyond a deadline, and takes part again after its restart`, async () => {
    const stage = createStage(phase)
    const peers = names.map((name) => start(stage, name))
    await reached(stage, 'bob', phase, 2)()
    peers[1]?.kill()
    const killedAt = stage.clock.now()
    await stage.clock.advance(3 * second)
    const back = start(stage, 'bob')
    const others = [peers[0], peers[2]].map((peer) => peer?.end)
    assert.deepEqual(await stage.clock.until(Promise.all(others)), ['done', 'done'])
    assert.equal(await stage.clock.until(back.end), 'done')
    for (const name of names) assert.deepEqual(stage.disk.get(name), { completed: 3, digest: 'r3' })
    assert.ok(stage.clock.now() - killedAt < deadlines.ready, `took ${stage.clock.now() - killedAt} ms more`)
  })
}

test('an aborted peer says that it leaves, and ends', async () => {
  const stage = createStage('leaving')
  const peers = names.map((name) => start(stage, name))
  await reached(stage, 'bob', 'training', 1)()
  peers[1]?.abort.abort()
  const reasons = await stage.clock.until(Promise.all(peers.map(({ end }) => end)))
  assert.deepEqual(reasons, ['done', 'stopped', 'done'])
})

test('runPeerActor() ends when the work that it ended has: nothing is said after its end', async () => {
  const stage = createStage('last words')
  const bob = start(stage, 'bob', 0, { type: 'warning', code: 'work', message: 'ended early' })
  for (const name of ['ada', 'cyd']) start(stage, name)
  await reached(stage, 'bob', 'generating', 1)()
  bob.abort.abort()
  assert.equal(await stage.clock.until(bob.end), 'stopped')
  await stage.clock.advance(10 * second)
  const said = stage.events.filter(({ name }) => name === 'bob').map(({ type }) => type)
  assert.deepEqual(said.slice(-3), ['warning', 'traffic', 'stopped'])
})
