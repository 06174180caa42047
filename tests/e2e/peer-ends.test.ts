/** How `fedpit peer` ends when it is asked to, and when its disk is full: in order, and with a word on why. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readEvents } from '../../src/lab/read-run.ts'
import { createFederation, type Federation, fedpit, hanging } from './federation.ts'

/** Every write to it fails with ENOSPC. */
const fullDisk = '/dev/full'

const homeIn = ({ folder }: Federation): string => join(folder, 'ada')

/** Without IPC, as from a terminal. */
function startPeer(federation: Federation, peers: number) {
  const args = ['peer', '--home', homeIn(federation), '--data', federation.data('ada')]
  const settings = [`model=${federation.model}`, `peers=${peers}`, 'rounds=1', 'engine={device: cpu, threads: 1}']
  const set = settings.flatMap((setting) => ['--set', setting])
  return spawn(process.execPath, [fedpit, ...args, ...set], {
    env: federation.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** There are no signals on Windows. */
const skip = process.platform === 'win32'

test('two signals for one Ctrl-C let a peer leave in order', { timeout: hanging, skip }, async (t) => {
  const federation = await createFederation(['ada'])
  t.after(() => federation.remove())
  const home = homeIn(federation)
  // The second of them never comes.
  const child = startPeer(federation, 2)
  const stderr = text(child.stderr)
  const seen = async (type: string): Promise<boolean> =>
    existsSync(join(home, 'events.jsonl')) && (await readEvents(home)).some((event) => event.type === type)
  while (!(await seen('listening'))) {
    assert.equal(child.exitCode, null, 'it ended before it listened')
    await sleep(20)
  }
  // Both are there when it comes to itself: nothing lies between them.
  for (const signal of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) child.kill(signal)
  assert.match(await stderr, /^fedpit: (Interrupted|Terminated)$/m)
  assert.ok(await seen('stopped'))
})

test(
  'a peer whose log has no room runs to its end, and then says so',
  { timeout: hanging, skip: !existsSync(fullDisk) },
  async (t) => {
    const federation = await createFederation(['ada'])
    t.after(() => federation.remove())
    await mkdir(homeIn(federation))
    await symlink(fullDisk, join(homeIn(federation), 'events.jsonl'))
    const child = startPeer(federation, 1)
    const ended = once(child, 'close')
    const stderr = await text(child.stderr)
    assert.equal((await ended)[0], 3, stderr)
    assert.match(stderr, /^fedpit: Cannot write .*events\.jsonl: expected a file that takes every event, got "ENOSPC/m)
    assert.match(stderr, /ended +0 connected +done/)
    assert.doesNotMatch(stderr, /^ {4}at /m)
  },
)
