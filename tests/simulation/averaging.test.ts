import assert from 'node:assert/strict'
import test from 'node:test'
import type { GatherRule } from '../../peers/wiring/averaging/gather.ts'
import { mostGathered } from '../../peers/wiring/averaging/robust-gathering.ts'
import type { Averaged } from '../../peers/wiring/averaging.ts'
import { bf16 } from '../../src/averaging/codecs/bf16.ts'
import { int8 } from '../../src/averaging/codecs/int8.ts'
import { topK } from '../../src/averaging/codecs/top-k.ts'
import { resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import { combine } from '../../src/averaging/robust/combine.ts'
import { createAveragingWorld, deadlineMs, unitsFrom } from './averaging-world.ts'

for (const topology of ['base-4', 'ring', 'complete', 'random-matching']) {
  for (const peers of [2, 3, 4, 7]) {
    test(`average() over ${topology}, ${peers} peers: one digest, within four units of the weighted mean`, async () => {
      const world = createAveragingWorld({ seed: `${topology} ${peers}`, peers, topology })
      const ends = (await world.all()) as Averaged[]
      assert.equal(new Set(ends.map(({ digest }) => digest)).size, 1)
      assert.equal(new Set(ends.map(({ session }) => session)).size, 1)
      const mean = world.weightedMean()
      for (const { parameters, peers: members, mixed, snapUnits } of ends) {
        assert.ok(unitsFrom(mean, parameters) <= 4, `${unitsFrom(mean, parameters)} units from the mean`)
        assert.ok(snapUnits <= 8, `snap of ${snapUnits} units`)
        assert.deepEqual({ members, mixed }, { members: peers, mixed: true })
      }
      assert.ok(world.clock.now() < deadlineMs / 2, `took ${world.clock.now()} ms`)
    })
  }
}

/** How far from the mean a session of four ends, as a share of the updates: as the codec loses, and no more. */
for (const [codec, share] of [
  [bf16, 0.005],
  [int8, 0.02],
  [topK, 1],
] as const) {
  test(`average() of peers that speak ${codec.name}: one digest, sums untouched, as near to the mean as it can say`, async () => {
    const world = createAveragingWorld({ seed: codec.name, peers: 4, parameters: 600, codec })
    const ends = (await world.all()) as Averaged[]
    assert.equal(new Set(ends.map(({ digest }) => digest)).size, 1)
    const mean = world.weightedMean()
    const root = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))
    const error = root(mean.map((value, i) => value - (ends[0]?.parameters[i] as number)))
    assert.ok(error < share * root(mean), `${error} from a mean of length ${root(mean)}`)
    assert.ok(error > 0.001 * root(mean), 'a lossy codec loses something')
    assert.ok(world.clock.now() < deadlineMs / 2, `took ${world.clock.now()} ms`)
    const { before, after } = world.sums()
    assert.deepEqual(after, before)
  })
}

test('average() with clipping: sums untouched, one digest, all count alike, and near to their mean', async () => {
  const world = createAveragingWorld({ seed: 'clip', peers: 7, robust: 'clip', examples: [1, 2, 3, 40, 50, 60, 70] })
  const ends = (await world.all()) as Averaged[]
  assertSurvived(world, ends, 'clip')
  const mean = world.plainMean()
  const error = unitsFrom(mean, ends[0]?.parameters as Float32Array)
  assert.ok(error < 0.2 * 2 ** 20, `${error} units from the mean of peers that are 0.3 apart`)
  const { before, after } = world.sums()
  assert.deepEqual(after, before)
})

for (const robust of ['trimmed-mean', 'median'] as const) {
  for (const dead of [false, true]) {
    test(`average() by ${robust}${dead ? ', of whom one dies' : ''}: one digest, the rule’s own value, no exchange`, async () => {
      const world = createAveragingWorld({ seed: robust, peers: 5, robust })
      world.onStage((key, stage) => void (dead && stage === 'mixed' && key === world.keys[4] && world.kill(key)))
      const ends = (await world.all()).filter((end) => end !== undefined)
      assertSurvived(world, ends, robust)
      assert.equal(ends.length, dead ? 4 : 5)
      const rule = (among: number[]) =>
        combine(
          among.map((i) => toGrid(world.parameters[i] as Float32Array, resultGrid)),
          robust,
        )
      const [parameters] = ends.map((end) => String(toGrid(end.parameters, resultGrid)))
      const possible = [[0, 1, 2, 3, 4], ...(dead ? [[0, 1, 2, 3]] : [])].map((among) => String(rule(among)))
      assert.ok(possible.includes(parameters as string), 'not what the rule gives')
      assert.ok(world.events.every(({ event }) => event.type !== 'edge'))
    })
  }
}

test('average() by median of more members than may be gathered says so', async () => {
  const world = createAveragingWorld({ seed: 'crowd', peers: mostGathered + 1, robust: 'median', parameters: 2 })
  await assert.rejects(world.all(), { code: 'averaging.too-many', message: /at most 16 members, got 17/ })
})

test('average() takes nothing of a member whose update is a thousand times as long as the others’', async () => {
  const world = createAveragingWorld({ seed: 'gate', peers: 5, examples: [9, 9, 9, 9, 9] })
  world.parameters[2] = Float32Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 15 : -15))
  for (const i of [0, 1, 3, 4]) world.parameters[i] = (world.parameters[i] as Float32Array).map((value) => value / 20)
  const ends = (await world.all()) as Averaged[]
  assertSurvived(world, ends, 'gate')
  const error = unitsFrom(world.weightedMean([0, 1, 3, 4]), (ends[0] as Averaged).parameters)
  assert.ok(error <= 4, `${error} units from the mean of the others`)
  const warned = world.events.flatMap(({ key, event }) => (event.type === 'warning' ? [[key, event.code]] : []))
  assert.deepEqual(warned, [['peer02', 'averaging.gated']])
  assert.deepEqual(
    ends.map(({ mixed }) => mixed),
    [true, true, false, true, true],
  )
})

test('average() of a member whose update was refused, and that loses the others then, ends as the round began', async () => {
  const world = createAveragingWorld({ seed: 'gate', peers: 5, examples: [9, 9, 9, 9, 9] })
  world.parameters[2] = Float32Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 15 : -15))
  for (const i of [0, 1, 3, 4]) world.parameters[i] = (world.parameters[i] as Float32Array).map((value) => value / 20)
  world.onEvent((key, event) => {
    if (event.type !== 'warning' || event.code !== 'averaging.gated') return
    world.networks.partition([[key], world.keys.filter((other) => other !== key)])
  })
  const ends = (await world.all()) as Averaged[]
  assert.ok(ends[2]?.parameters.every((value) => value === 0))
})

const stages = ['joined', 'mixed', 'settled'] as const

/** Everybody who is left agrees, and nobody was held up beyond the deadline. */
function assertSurvived(world: ReturnType<typeof createAveragingWorld>, ends: readonly Averaged[], what: string): void {
  assert.equal(
    new Set(ends.map(({ digest }) => digest)).size,
    1,
    `${what}: digests ${ends.map(({ digest }) => digest.slice(0, 6))}`,
  )
  assert.ok(world.clock.now() <= deadlineMs + 1000, `${what}: took ${world.clock.now()} ms`)
}

for (const victim of [0, 1, 2, 3]) {
  for (const stage of [...stages, 'edge'] as const) {
    test(`average() of three survives the death of peer ${victim} at "${stage}", told or silent`, async () => {
      for (const afterMs of [0, 4, 8, 20, 60]) {
        for (const silent of [false, true]) {
          const world = createAveragingWorld({ seed: `${victim} ${stage} ${afterMs}`, peers: 4 })
          const key = world.keys[victim] as string
          let dead = false
          const die = async (who: string): Promise<void> => {
            if (who !== key || dead) return
            dead = true
            await world.clock.sleep(afterMs)
            if (silent) world.networks.partition([[key], world.keys.filter((other) => other !== key)])
            else world.kill(key)
          }
          world.onStage((who, said) => void (said === stage && die(who)))
          world.onEvent((who, event) => void (event.type === 'edge' && stage === 'edge' && die(who)))
          const ends = (await world.all()).filter((end, i) => end !== undefined && i !== victim) as Averaged[]
          assert.ok(dead)
          assert.equal(ends.length, 3)
          assertSurvived(world, ends, `after ${afterMs} ms, ${silent ? 'silent' : 'told'}`)
        }
      }
    })
  }
}

test('average() under loss, duplication and reordering: one digest, the integer sums untouched, mostly exact', async () => {
  const seeds = 40
  let exact = 0
  for (let seed = 0; seed < seeds; seed++) {
    const links = { delayMs: 5, jitterMs: 100, loss: 0.15, duplication: 0.1 }
    const world = createAveragingWorld({ seed: `lossy ${seed}`, peers: 5, links })
    const ends = (await world.all()) as Averaged[]
    assertSurvived(world, ends, `seed ${seed}`)
    if (unitsFrom(world.weightedMean(), (ends[0] as Averaged).parameters) <= 4) exact += 1
    // What is still in doubt is resolved in the time after.
    await world.clock.advance(20_000)
    const { before, after } = world.sums()
    assert.deepEqual(after, before, `seed ${seed}: the sum moved`)
  }
  assert.ok(exact >= 0.9 * seeds, `${exact} of ${seeds} within four units`)
})

test('average() of peers that come one after the other waits for them, and for those that never come not long', async () => {
  const world = createAveragingWorld({ seed: 'late', peers: 3 })
  const ends = await world.clock.until(Promise.all([world.live(0), world.live(1, 500), world.live(2, 1500)]))
  assertSurvived(world, ends, 'late')
  assert.ok(unitsFrom(world.weightedMean(), ends[0].parameters) <= 4)
})

test('average() alone keeps what it has, rounded to the grid, at once', async () => {
  const world = createAveragingWorld({ seed: 'alone', peers: 1 })
  const [end] = await world.all()
  assert.ok(end)
  assert.deepEqual(
    { mixed: end.mixed, peers: end.peers, snapUnits: end.snapUnits },
    { mixed: false, peers: 1, snapUnits: 0 },
  )
  assert.ok(unitsFrom(Float64Array.from(world.parameters[0] as Float32Array), end.parameters) <= 0.5)
  assert.ok(world.clock.now() < 1000)
})

test('average() with no examples takes the others result and does not move it', async () => {
  const world = createAveragingWorld({ seed: 'receiver', peers: 4, examples: [10, 20, 0, 30] })
  const ends = (await world.all()) as Averaged[]
  assertSurvived(world, ends, 'receiver')
  assert.ok(unitsFrom(world.weightedMean([0, 1, 3]), (ends[2] as Averaged).parameters) <= 4)
  assert.deepEqual(
    ends.map(({ mixed, peers }) => [mixed, peers]),
    [
      [true, 3],
      [true, 3],
      [false, 0],
      [true, 3],
    ],
  )
})

test('average() on both sides of a partition goes on, with one digest on each side', async () => {
  const world = createAveragingWorld({ seed: 'split', peers: 5 })
  world.networks.partition([world.keys.slice(0, 2), world.keys.slice(2)])
  const ends = (await world.all()) as Averaged[]
  const digests = ends.map(({ digest }) => digest)
  assert.equal(new Set(digests.slice(0, 2)).size, 1)
  assert.equal(new Set(digests.slice(2)).size, 1)
  assert.ok(unitsFrom(world.weightedMean([0, 1]), (ends[0] as Averaged).parameters) <= 4)
  assert.ok(unitsFrom(world.weightedMean([2, 3, 4]), (ends[2] as Averaged).parameters) <= 4)
})

test('average() of peers that began with other bytes: each side mixes by itself and says so', async () => {
  const [d, e] = ['d'.repeat(64), 'e'.repeat(64)]
  const world = createAveragingWorld({ seed: 'starts', peers: 5, starts: [d, d, e, e, e] })
  const ends = (await world.all()) as Averaged[]
  assert.ok(unitsFrom(world.weightedMean([0, 1]), (ends[0] as Averaged).parameters) <= 4)
  assert.ok(unitsFrom(world.weightedMean([2, 3, 4]), (ends[2] as Averaged).parameters) <= 4)
  const warned = world.events.flatMap(({ key, event }) => (event.type === 'warning' ? [[key, event.message]] : []))
  const told = (peers: number) => `Does not mix with ${peers} of the peers, which began round 1 with another adapter`
  assert.deepEqual(
    warned.sort(),
    world.keys.map((key, i) => [key, told(i < 2 ? 3 : 2)]),
  )
})

test('average() of peers that never see one roster falls back to matching, and ends with one digest', async () => {
  // The last peer never learns that the first is ready: no two rosters that contain both can be the same.
  const hears = (to: string, of: string): boolean => to !== 'peer03' || of !== 'peer00'
  const world = createAveragingWorld({ seed: 'rosters', peers: 4, hears, examples: [10, 20, 30, 20] })
  const ends = (await world.all()) as Averaged[]
  assertSurvived(world, ends, 'rosters')
  assert.equal(new Set(ends.map(({ session }) => session)).size, 1)
  const done = world.events.filter(({ event }) => event.type === 'edge' && event.outcome === 'done')
  assert.ok(done.length > 0, 'pairs that both ends can see exchange')
  await world.clock.advance(20_000)
  const { before, after } = world.sums()
  assert.deepEqual(after, before)
})

test('average() of a peer that is killed while mixing and comes back takes the result, and counts once', async () => {
  const world = createAveragingWorld({ seed: 'back', peers: 4 })
  const [key] = world.keys as [string]
  const back = new Promise<Averaged>((resolve, reject) => {
    let dead = false
    world.onEvent((who, event) => {
      if (dead || who !== key || event.type !== 'edge') return
      dead = true
      world.kill(key)
      void world.live(0).then(resolve, reject)
    })
  })
  const ends = [...(await world.all()).slice(1), await world.clock.until(back)] as Averaged[]
  assertSurvived(world, ends, 'back')
  assert.deepEqual(
    ends.map(({ mixed }) => mixed),
    [true, true, true, false],
  )
  await world.clock.advance(20_000)
  const { before, after } = world.sums()
  assert.deepEqual(after, before)
})

test('average() of peers that are all killed while mixing and come back mixes anew, in another session', async () => {
  const world = createAveragingWorld({ seed: 'power cut', peers: 4 })
  const sessions = new Set<string>()
  const back = new Promise<Averaged[]>((resolve, reject) => {
    world.onEvent((_, event) => {
      if (event.type !== 'edge') return
      if (sessions.size === 0) {
        for (const key of world.keys) world.kill(key)
        void Promise.all(world.keys.map((_, i) => world.live(i))).then(resolve, reject)
      }
      sessions.add(event.session)
    })
  })
  await world.all()
  const ends = await world.clock.until(back)
  assertSurvived(world, ends, 'power cut')
  assert.ok(ends.every(({ mixed }) => mixed))
  assert.equal(sessions.size, 2)
  assert.ok(unitsFrom(world.weightedMean(), (ends[0] as Averaged).parameters) <= 4)
})

test('a simulated session is replayed from its seed, to the last event', async () => {
  const run = async () => {
    const links = { delayMs: 5, jitterMs: 50, loss: 0.1, duplication: 0.1 }
    const world = createAveragingWorld({ seed: 'replay', peers: 4, links })
    const ends = await world.all()
    return { digests: ends.map((end) => end?.digest), events: world.events }
  }
  assert.deepEqual(await run(), await run())
})

/** The weighted mean of whatever was brought. */
const meanOfAll: GatherRule = {
  fits: (numbers) => numbers === 50,
  *result(brought) {
    const total = brought.reduce((sum, { weight }) => sum + weight, 0)
    const values = Float32Array.from({ length: 50 }, (_, i) =>
      brought.reduce((sum, { values, weight }) => sum + (weight / total) * (values[i] as number), 0),
    )
    return { values, events: [] }
  },
}

test('average() that gathers, on bad links: one digest, mostly the mean of all, and no peer waits for ever', async () => {
  let exact = 0
  for (let seed = 0; seed < 20; seed++) {
    const links = { delayMs: 5, jitterMs: 100, loss: 0.15, duplication: 0.1 }
    const world = createAveragingWorld({ seed: `gather ${seed}`, peers: 5, links, rule: meanOfAll })
    const ends = (await world.all()) as Averaged[]
    assert.equal(new Set(ends.map(({ digest }) => digest)).size, 1, `seed ${seed}`)
    assert.ok(world.clock.now() < 1.2 * deadlineMs, `seed ${seed}: ${world.clock.now()} ms`)
    if (unitsFrom(world.weightedMean(), (ends[0] as Averaged).parameters) <= 2) exact += 1
  }
  assert.ok(exact >= 18, `${exact} of 20`)
})

for (const stage of ['joined', 'brought', 'mixed'] as const) {
  test(`average() that gathers, with a peer killed when it has ${stage}: the others end with one digest`, async () => {
    const world = createAveragingWorld({ seed: `killed ${stage}`, peers: 4, rule: meanOfAll })
    world.onStage((key, at) => {
      if (key === 'peer01' && at === stage) world.kill(key)
    })
    const ends = (await world.all()).filter((end) => end !== undefined)
    assert.equal(ends.length, 3)
    assert.equal(new Set(ends.map(({ digest }) => digest)).size, 1)
    const means = [world.weightedMean(), world.weightedMean([0, 2, 3])]
    const parameters = (ends[0] as Averaged).parameters
    assert.ok(means.some((mean) => unitsFrom(mean, parameters) <= 2))
  })
}

test('average() that gathers leaves out what does not fit, and waits for nobody who brings it', async () => {
  const own = { ...meanOfAll, fits: () => false }
  const world = createAveragingWorld({ seed: 'unfit', peers: 3, rule: own })
  const ends = (await world.all()) as Averaged[]
  assert.equal(new Set(ends.map(({ digest }) => digest)).size, 1)
  assert.ok(world.clock.now() < 0.5 * deadlineMs, `${world.clock.now()} ms`)
  assert.ok(world.parameters.some((one) => unitsFrom(Float64Array.from(one), (ends[0] as Averaged).parameters) <= 1))
})
