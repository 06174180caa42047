/** `npm start`, all of it: nothing pulled, nothing fetched, four peers, and every local adapter better than no adapter. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

interface Peer {
  readonly name: string
  readonly heldOut: Readonly<Record<'base' | 'global' | 'local', { readonly loss: number }>>
  readonly examples: { readonly kept: number }
}

test('npm start teaches four organisations their trades with the built-in model', { timeout: 600_000 }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fedpit-start-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const env = {
    ...process.env,
    FEDPIT_HOME: join(folder, 'home'),
    HF_ENDPOINT: 'http://127.0.0.1:9',
    PIP_NO_INDEX: '1',
  }
  const args = ['src/cli/fedpit.js', 'swarm', '--format', 'json', '--out', join(folder, 'runs')]
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, maxBuffer: 1 << 26 })
  assert.equal(status, 0, stderr.slice(-2000))
  t.diagnostic(`${((performance.now() - began) / 1000).toFixed(0)} s`)
  const { agreed, peers } = JSON.parse(stdout) as { agreed: boolean; peers: Peer[] }
  assert.equal(agreed, true)
  assert.deepEqual(peers.map(({ name }) => name).sort(), ['bank', 'clinic', 'law-office', 'school'])
  for (const { name, heldOut, examples } of peers) {
    assert.ok(heldOut.local.loss < heldOut.base.loss, `${name}: ${heldOut.base.loss} -> ${heldOut.local.loss}`)
    assert.ok(examples.kept > 0, `${name} kept none of its own examples`)
  }
})
