/** `fedpit swarm` as people run it, with the tiny model. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { createFederation, type Federation, fedpit, hanging, plan } from './federation.ts'

interface Outcome {
  readonly run: string
  readonly agreed: boolean
  readonly report: string
  readonly peers: readonly {
    readonly name: string
    readonly digest: string
    readonly heldOut: Readonly<Record<'base' | 'global' | 'local', { loss: number; rougeL: number }>>
    readonly examples: { private: number; generated: number; kept: number; rejected: Record<string, number> }
    readonly bytes: { sent: number; received: number }
    readonly seconds: Record<string, number>
  }[]
}

/** The model that the command names stands in for the scenario's. */
async function swarm(federation: Federation, names: readonly string[]): Promise<Outcome> {
  const file = join(federation.folder, 'scenario.yaml')
  const peers = names.map((name) => ({ name, data: federation.data(name) }))
  await writeFile(file, stringify({ name: 'test', model: 'another', peers, ...plan }))
  const runs = join(federation.folder, 'runs')
  const args = [fedpit, '--format', 'json', 'swarm', file, '--model', federation.model, '--out', runs]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: federation.env })
  return JSON.parse(stdout)
}

test(
  'two peers in one process end with one adapter, and the run folder has all of it',
  { timeout: hanging },
  async () => {
    const names = ['ada', 'bob']
    const federation = await createFederation(names)
    try {
      // A canary in a private example: words that nothing else in this repository says.
      const canary = { instruction: ' river stone lamp chair', response: ' wumpledorf garden paper' }
      await appendFile(federation.data('ada'), `${JSON.stringify(canary)}\n`)
      const outcome = await swarm(federation, names)
      assert.equal(outcome.agreed, true)
      assert.deepEqual(outcome.peers.map(({ name }) => name).sort(), names)
      for (const peer of outcome.peers) {
        assert.deepEqual(Object.keys(peer), ['name', 'digest', 'ended', 'heldOut', 'examples', 'bytes', 'seconds'])
        assert.match(peer.digest, /^[0-9a-f]{64}$/)
        for (const { loss, rougeL } of Object.values(peer.heldOut)) assert.ok(loss > 0 && rougeL >= 0 && rougeL <= 1)
        assert.ok(peer.heldOut.local.loss < peer.heldOut.base.loss, `${peer.name}'s local adapter learnt nothing`)
        assert.ok(peer.examples.kept > 0 && peer.examples.generated >= peer.examples.kept)
        assert.ok(peer.bytes.sent > 10_000 && peer.bytes.received > 10_000)
        for (const phase of ['generating', 'training', 'averaging']) assert.ok((peer.seconds[phase] ?? 0) > 0, phase)
      }
      const left = await readdir(outcome.run)
      for (const file of [
        'adapters',
        'events.jsonl',
        'homes',
        'metrics.json',
        'report.html',
        'run.json',
        'scenario.yaml',
      ]) {
        assert.ok(left.includes(file), `${file} is in the run folder`)
      }
      for (const file of left.filter((name) => /\.(jsonl|json|html|yaml)$/.test(name))) {
        assert.doesNotMatch(
          await readFile(join(outcome.run, file), 'utf8'),
          /wumpledorf/,
          `${file} tells a private example`,
        )
      }
    } finally {
      await federation.remove()
    }
  },
)
