/** A few hundred random scenarios, beside the fifteen of tests/simulation; `npm run soak` runs as many as one has time for. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

// Among them 294 and 329, where peers that mixed apart in one round settle on one result of the two.
test('npm run soak: two hundred seeds keep every promise', { timeout: 1_200_000 }, () => {
  const args = ['scripts/soak.ts', '--from', '160', '--seeds', '200', '--format', 'json']
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  // A failure names its seed, and how to run it again.
  assert.equal(status, 0, stdout + stderr)
  const { kept, failures, sessions } = JSON.parse(stdout)
  assert.deepEqual([kept, failures], [200, []])
  assert.ok(sessions > 200, `${sessions} sessions`)
})

test('npm run soak --format json prints one document, with what was done and what went wrong', () => {
  const args = ['scripts/soak.ts', '--from', '3', '--seeds', '2', '--format', 'json']
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { wallSeconds, faults, sessions, searchedBytes, ...rest } = JSON.parse(stdout)
  assert.deepEqual(rest, { from: 3, seeds: 2, kept: 2, failures: [] })
  assert.ok(
    [wallSeconds, faults + 1, sessions, searchedBytes].every((value) => value > 0),
    stdout,
  )
})
