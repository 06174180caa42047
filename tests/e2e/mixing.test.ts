/** What is mixed (`mixing` in a plan), with real sockets and the tiny model. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { createFederation, fedpit, hanging, plan } from './federation.ts'

const names = ['ada', 'bob']

for (const [what, settings, ranks] of [
  ['ranks 2 and 4', { lora: { rank: 4, alpha: 8 }, mixing: { factors: 'svd' } }, [2, 4]],
  ['alternate factors and an outer momentum', { mixing: { factors: 'alternate', outer: 'nesterov' } }, []],
] as const) {
  test(`two peers with ${what} end with one adapter`, { timeout: hanging }, async () => {
    const federation = await createFederation(names)
    try {
      const file = join(federation.folder, 'scenario.yaml')
      const peers = names.map((name, i) => {
        const rank = ranks[i]
        return { name, data: federation.data(name), ...(rank === undefined ? {} : { rank }) }
      })
      await writeFile(file, stringify({ name: 'test', model: federation.model, peers, ...plan, ...settings }))
      const args = [fedpit, '--format', 'json', 'swarm', file, '--out', join(federation.folder, 'runs')]
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: federation.env })
      const outcome = JSON.parse(stdout) as {
        agreed: boolean
        peers: { digest: string; truncated?: { rank: number; discarded: number } }[]
      }
      assert.equal(outcome.agreed, true)
      assert.equal(new Set(outcome.peers.map(({ digest }) => digest)).size, 1)
      assert.deepEqual(
        outcome.peers.map(({ truncated }) => truncated?.rank),
        [ranks[0], ranks[1]],
      )
      const [small, large] = outcome.peers.map(({ truncated }) => truncated?.discarded ?? 0)
      assert.ok(ranks.length === 0 || (small as number) > (large as number), `${small} and ${large} discarded`)
    } finally {
      await federation.remove()
    }
  })
}
