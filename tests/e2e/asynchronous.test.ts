/** Mixing without rounds, with real sockets, a process for each peer and the tiny model. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { readEvents } from '../../src/lab/read-run.ts'
import { createFederation, fedpit, hanging, plan } from './federation.ts'

const names = ['ada', 'bob', 'cyd']

interface Outcome {
  readonly run: string
  readonly consensusDistance: number
  readonly peers: readonly { readonly name: string; readonly asynchronous: Record<string, unknown> }[]
}

test(
  'three processes that mix without rounds exchange as they learn, and end near each other',
  { timeout: hanging },
  async () => {
    const federation = await createFederation(names)
    try {
      const file = join(federation.folder, 'scenario.yaml')
      const peers = names.map((name) => ({ name, data: federation.data(name) }))
      const own = { topology: 'random-matching', mixing: { timing: 'asynchronous' }, rounds: 3 }
      await writeFile(file, stringify({ name: 'test', model: federation.model, peers, ...plan, ...own }))
      const args = [fedpit, '--format', 'json', 'swarm', file, '--processes', '--out', join(federation.folder, 'runs')]
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: federation.env })
      const outcome = JSON.parse(stdout) as Outcome
      const events = await readEvents(outcome.run)
      const ended = events.flatMap((event) => (event.type === 'stopped' ? [[event.name, event.reason]] : []))
      assert.deepEqual(
        ended.sort(),
        names.map((name) => [name, 'done']),
      )
      assert.ok(events.filter((event) => event.type === 'exchange' && event.outcome === 'done').length >= names.length)
      assert.ok(!events.some(({ type }) => type === 'averaged' || type === 'edge' || type === 'drift'))
      // What a peer learns from its own examples moves its adapter by far more than the peers end apart.
      const held = events.filter((event) => event.type === 'held')
      const digests = new Set(held.map(({ digest }) => digest))
      assert.ok(digests.size > names.length, `${digests.size} adapters`)
      assert.ok(outcome.consensusDistance < 0.1, `${outcome.consensusDistance} apart`)
      for (const { name, asynchronous } of outcome.peers) {
        assert.ok((asynchronous['version'] as number) > 2, `${name}: ${JSON.stringify(asynchronous)}`)
      }
    } finally {
      await federation.remove()
    }
  },
)
