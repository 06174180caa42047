/** A topology's file that is edited while real peers run. */
import assert from 'node:assert/strict'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { mixingsOf } from '../../src/lab/simulation/mixings.ts'
import { addressesOf, createFederation, hanging, lastDigest, type RunningPeer, startPeer } from './federation.ts'

test('peers take up an edited graph at their next round, and go on as one', { timeout: hanging }, async () => {
  const federation = await createFederation(['ada', 'bob', 'cyd'])
  const file = join(federation.folder, 'graph.txt')
  await writeFile(file, '0 1\n1 2\n')
  const deadlines = { join: 120, ready: 120, average: 60, pull: 60, round: 120, leave: 120 }
  const settings = { peers: 3, rounds: 6, topology: file, deadlines }
  const peers: RunningPeer[] = []
  try {
    const ada = await startPeer(federation, 'ada', { ...settings, join: [] })
    peers.push(ada)
    const joins = { ...settings, join: await addressesOf(ada) }
    for (const name of ['bob', 'cyd']) peers.push(await startPeer(federation, name, joins))
    await ada.seen(({ type }) => type === 'averaged')
    await writeFile(`${file}.new`, '0 1\n1 2\n0 2\n')
    await rename(`${file}.new`, file)
    for (const { code, stderr } of await Promise.all(peers.map(({ ended }) => ended))) {
      assert.equal(code, 0, stderr.slice(-1500))
    }
    assert.equal(new Set(peers.map(lastDigest)).size, 1)
    const taken = peers.map(({ events }) =>
      events.flatMap((event) => (event.type === 'topology' ? [event.topology] : [])),
    )
    assert.ok(
      taken.every((names) => names.length === 1 && names[0] === taken[0]?.[0]),
      JSON.stringify(taken),
    )
    const rounds = mixingsOf(peers.flatMap(({ events }) => events))
    // In a round in which the tiny model wrote nothing of use there may be no exchange at all.
    assert.deepEqual(
      [rounds[0], rounds.at(-1)].map((round) => round?.mixings[0]?.edges.length),
      [2, 3],
    )
  } finally {
    for (const peer of peers) peer.kill()
    await Promise.all(peers.map(({ ended }) => ended))
    await federation.remove()
  }
})
