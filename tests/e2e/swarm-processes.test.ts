/** `fedpit swarm --processes`: one engine for all peers, whoever is killed. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { PeerEvent } from '../../peers/events.ts'
import { familyOf, type RunningProcess } from '../../scripts/bench/process-memory.ts'
import { readEvents } from '../../src/lab/read-run.ts'
import { createFederation, fedpit, hanging, inPhase, plan } from './federation.ts'

/** Processes are looked up under /proc. */
const skip = process.platform !== 'linux'
const names = ['ada', 'bob', 'cyd', 'dan']

interface RunningSwarm {
  readonly child: ChildProcess
  readonly stdout: Promise<string>
  readonly stderr: Promise<string>
  readonly ended: Promise<unknown>
  folder(): Promise<string>
  /** Waits for an event in the run folder that fits. */
  seen(fits: (event: PeerEvent) => boolean): Promise<void>
  processes(kind: RegExp): RunningProcess[]
}

const engines = /engine\/process\.ts/
const peerOf = (name: string): RegExp => new RegExp(`peer --home \\S*/${name} `)

async function withSwarm(settings: object, body: (swarm: RunningSwarm) => Promise<void>): Promise<void> {
  const federation = await createFederation(names)
  const file = join(federation.folder, 'scenario.yaml')
  const peers = names.map((name) => ({ name, data: federation.data(name) }))
  await writeFile(file, stringify({ name: 'test', model: federation.model, peers, ...plan, ...settings }))
  const runs = join(federation.folder, 'runs')
  const args = [fedpit, '--format', 'json', 'swarm', file, '--out', runs, '--processes']
  const child = spawn(process.execPath, args, { env: federation.env })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const folder = async (): Promise<string> => {
    for (; ; await sleep(50)) {
      const [run] = existsSync(runs) ? await readdir(runs) : []
      if (run !== undefined && existsSync(join(runs, run, 'events.jsonl'))) return join(runs, run)
    }
  }
  const seen = async (fits: (event: PeerEvent) => boolean): Promise<void> => {
    while (!(await readEvents(await folder())).some(fits)) {
      assert.equal(child.exitCode, null, 'the swarm ended before the event came')
      await sleep(20)
    }
  }
  const processes = (kind: RegExp): RunningProcess[] =>
    familyOf(child.pid ?? 0).filter(({ command }) => kind.test(command))
  try {
    await body({ child, stdout: text(child.stdout), stderr: text(child.stderr), ended, folder, seen, processes })
  } finally {
    child.kill('SIGKILL')
    await federation.remove()
  }
}

test(
  'four peer processes share one engine and end with one adapter; the engine goes with them',
  { timeout: hanging, skip },
  () =>
    withSwarm({}, async (swarm) => {
      await swarm.seen(inPhase('training', 1))
      assert.equal(swarm.processes(engines).length, 1)
      for (const name of names) assert.equal(swarm.processes(peerOf(name)).length, 1, name)
      const outcome = JSON.parse(await swarm.stdout)
      assert.equal(outcome.agreed, true)
      assert.deepEqual(outcome.peers.map(({ name }: { name: string }) => name).sort(), names)
      assert.equal(await swarm.ended, 0)
      assert.equal(existsSync(join(outcome.run, 'engine')), false)
    }),
)

test('a peer process killed with -9 disturbs no other', { timeout: hanging, skip }, () =>
  withSwarm({ rounds: 3 }, async (swarm) => {
    await swarm.seen((event) => event.name === 'bob' && inPhase('training', 1)(event))
    for (const { pid } of swarm.processes(peerOf('bob'))) process.kill(pid, 'SIGKILL')
    const outcome = JSON.parse(await swarm.stdout)
    assert.match(await swarm.stderr, /Peer bob failed: .*SIGKILL/)
    assert.deepEqual([outcome.finished, outcome.agreed], [3, true])
    // The result is told, and that it is not all that was asked for.
    assert.equal(await swarm.ended, 5)
    assert.deepEqual(
      outcome.failed.map(({ name }: { name: string }) => name),
      ['bob'],
    )
    const events = await readEvents(outcome.run)
    const done = events.flatMap((event) => (event.type === 'stopped' && event.reason === 'done' ? [event.name] : []))
    assert.deepEqual(done.sort(), ['ada', 'cyd', 'dan'])
    assert.ok(!events.some(({ type }) => type === 'engine.restarted'))
    assert.doesNotMatch(await readFile(join(outcome.run, 'events.jsonl'), 'utf8'), /task\.restarted/)
  }),
)

test('the engine killed with -9 is replaced, every peer is told, and the run goes on', { timeout: hanging, skip }, () =>
  withSwarm({ rounds: 3 }, async (swarm) => {
    await swarm.seen(inPhase('training', 1))
    for (const { pid } of swarm.processes(engines)) process.kill(pid, 'SIGKILL')
    const outcome = JSON.parse(await swarm.stdout)
    assert.equal(outcome.agreed, true)
    const told = (await readEvents(outcome.run)).filter(({ type }) => type === 'engine.restarted')
    assert.deepEqual(told.map(({ name }) => name).sort(), names)
  }),
)

for (const phase of ['joining', 'training']) {
  test(`a swarm killed with -9 while ${phase} leaves no process behind`, { timeout: hanging, skip }, () =>
    withSwarm({ rounds: 1000 }, async (swarm) => {
      await swarm.seen(inPhase(phase, 1))
      const all = swarm.processes(/./)
      assert.ok(all.length >= 3, `${all.length} processes`)
      swarm.child.kill('SIGKILL')
      await swarm.ended
      const left = (): RunningProcess[] => all.filter(({ pid }) => existsSync(`/proc/${pid}`))
      const deadline = performance.now() + 120_000
      while (left().length > 0 && performance.now() < deadline) await sleep(50)
      assert.deepEqual(left(), [])
    }),
  )
}
