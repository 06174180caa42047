/** Peers as real processes over real sockets: killed with -9 in each phase in turn, and started again. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { spansOf } from '../../src/lab/outcome.ts'
import { peerFileName, readPeerFile } from '../../src/lab/peer-file.ts'
import {
  addressesOf,
  createFederation,
  type Federation,
  followPeer,
  hanging,
  inPhase,
  lastDigest,
  plan,
  type RunningPeer,
  startPeer,
} from './federation.ts'

const names = ['ada', 'bob', 'cyd', 'dan']

/** As many rounds as it takes a peer to come back: one of the tiny model is over within a second. */
const manyRounds = { rounds: 20, deadlines: { join: 120, ready: 30, average: 10, pull: 10, round: 60, leave: 60 } }

async function startAll(federation: Federation, settings: object): Promise<RunningPeer[]> {
  const [first = '', ...rest] = names
  const peers = names.length
  const ada = await startPeer(federation, first, { peers, join: [], ...settings })
  const join = await addressesOf(ada)
  return [ada, ...(await Promise.all(rest.map((name) => startPeer(federation, name, { peers, join, ...settings }))))]
}

/** Others are waited for in one phase only: until all are ready, and until the session ends. Seconds. */
function assertNoLongWait({ name, events }: RunningPeer, { ready, average }: { ready: number; average: number }): void {
  const waits = spansOf(events).filter(({ phase }) => phase === 'averaging')
  for (const { round, from, to } of waits) {
    const seconds = (to - from) / 1000
    assert.ok(seconds <= ready + average, `${name} waited ${seconds} s in round ${round}`)
  }
}

for (const phase of ['joining', 'generating', 'training', 'averaging', 'personalising', 'evaluating']) {
  test(
    `kill -9 while ${phase}: the other three finish, and the fourth takes part again`,
    { timeout: hanging },
    async () => {
      const federation = await createFederation(names)
      const [ada, bob, cyd, dan] = await startAll(federation, manyRounds)
      assert.ok(ada && bob && cyd && dan)
      try {
        await dan.seen(inPhase(phase, 1))
        dan.kill()
        await dan.ended
        const back = await startPeer(federation, 'dan', { peers: 4, join: await addressesOf(ada), ...manyRounds })
        const ends = await Promise.all([ada, bob, cyd, back].map(({ ended }) => ended))
        for (const { code, stderr } of ends) assert.equal(code, 0, stderr.slice(-1500))
        const digests = [ada, bob, cyd, back].map(lastDigest)
        assert.equal(new Set(digests).size, 1, `digests ${digests.join(', ')}`)
        for (const peer of [ada, bob, cyd]) assertNoLongWait(peer, manyRounds.deadlines)
        assert.ok(
          back.events.some((event) => event.type === 'averaged' && event.peers >= 2),
          'the restarted peer averaged with others',
        )
      } finally {
        for (const peer of [ada, bob, cyd, dan]) peer.kill()
        await federation.remove()
      }
    },
  )
}

test(
  'kill -9 of the first peer, whom nobody gave an address: it finds the others again',
  { timeout: hanging },
  async () => {
    const federation = await createFederation(names)
    const [ada, ...others] = await startAll(federation, manyRounds)
    assert.ok(ada)
    const home = join(federation.folder, 'homes', 'ada')
    const running = [ada, ...others]
    try {
      await ada.seen(inPhase('training', 1))
      ada.kill()
      await ada.ended
      const back = followPeer('ada', ['--home', home], federation.env)
      running.push(back)
      assert.deepEqual(await addressesOf(back), await addressesOf(ada), 'where the others look for it')
      const ends = await Promise.all([back, ...others].map(({ ended }) => ended))
      for (const { code, stderr } of ends) assert.equal(code, 0, stderr.slice(-1500))
      const digests = [back, ...others].map(lastDigest)
      assert.equal(new Set(digests).size, 1, `digests ${digests.join(', ')}`)
      for (const peer of others) assertNoLongWait(peer, manyRounds.deadlines)
      assert.ok(
        back.events.some((event) => event.type === 'averaged' && event.peers >= 2),
        'it averaged with others',
      )
    } finally {
      for (const peer of running) peer.kill()
      await federation.remove()
    }
  },
)

test('a peer that does not come back costs the others one deadline at most', { timeout: hanging }, async () => {
  const federation = await createFederation(names)
  const [ada, bob, cyd, dan] = await startAll(federation, { rounds: 2 })
  assert.ok(ada && bob && cyd && dan)
  try {
    await dan.seen(inPhase('training', 1))
    dan.kill()
    const ends = await Promise.all([ada, bob, cyd].map(({ ended }) => ended))
    for (const { code, stderr } of ends) assert.equal(code, 0, stderr.slice(-1500))
    assert.equal(new Set([ada, bob, cyd].map(lastDigest)).size, 1)
    for (const peer of [ada, bob, cyd]) assertNoLongWait(peer, plan.deadlines)
  } finally {
    for (const peer of [ada, bob, cyd, dan]) peer.kill()
    await federation.remove()
  }
})

test('the printed line is all that the next machine needs', { timeout: hanging }, async () => {
  const federation = await createFederation(['ada', 'bob'])
  const lora = { rank: 4, alpha: 16, targets: ['q', 'o'], rslora: true }
  const ada = await startPeer(federation, 'ada', { peers: 2, join: [], topology: 'ring', seed: 'a b', lora })
  const line = await ada.printed(/^ {2}fedpit peer (.*FILE)$/m)
  const typed = line.replace('FILE', federation.data('bob')).replace('MODEL', federation.model)
  const words = spawnSync('sh', ['-c', `printf '%s\\n' ${typed}`], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
  const home = join(federation.folder, 'homes', 'bob')
  const own = ['--home', home, '--name', 'bob', '--set', 'engine={device: cpu, threads: 1}']
  const bob = followPeer('bob', [...own, ...words], federation.env)
  try {
    const ends = await Promise.all([ada.ended, bob.ended])
    for (const { code, stderr } of ends) assert.equal(code, 0, stderr.slice(-1500))
    assert.ok(bob.events.some((event) => event.type === 'averaged' && event.peers === 2))
    assert.equal(lastDigest(bob), lastDigest(ada))
    // It stays so when the peer is started again without the line.
    assert.deepEqual((await readPeerFile(join(home, peerFileName))).lora, lora)
  } finally {
    ada.kill()
    bob.kill()
    await Promise.all([ada.ended, bob.ended])
    await federation.remove()
  }
})

test('a peer of another federation is refused with what differs', { timeout: hanging }, async () => {
  const federation = await createFederation(['ada', 'eve'])
  const ada = await startPeer(federation, 'ada', { peers: 2, join: [] })
  const eve = await startPeer(federation, 'eve', {
    peers: 2,
    join: await addressesOf(ada),
    lora: { rank: 4, alpha: 16, targets: ['q'], rslora: false },
  })
  try {
    const event = await eve.seen(({ type }) => type === 'peer.refused')
    assert.match(event.type === 'peer.refused' ? event.differs : '', /adapter layout differs: expected \w+, got \w+/)
  } finally {
    ada.kill()
    eve.kill()
    await Promise.all([ada.ended, eve.ended])
    await federation.remove()
  }
})
