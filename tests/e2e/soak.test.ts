/** A few hundred random scenarios, beside the fifteen that the fast tests run; `npm run soak` runs as many as one has time for. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

test('npm run soak: two hundred seeds keep every promise', { timeout: 1_200_000 }, () => {
  const args = ['scripts/soak.ts', '--from', '16', '--seeds', '200', '--format', 'json']
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  // A failure names its seed, and how to run it again.
  assert.equal(status, 0, stdout + stderr)
  const { kept, failures, sessions } = JSON.parse(stdout)
  assert.deepEqual([kept, failures], [200, []])
  assert.ok(sessions > 200, `${sessions} sessions`)
})
