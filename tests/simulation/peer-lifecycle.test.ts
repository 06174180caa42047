import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createWorld, deadlines, type Note } from './peer-world.ts'

const names = ['ada', 'bob', 'cyd', 'dan']
const rounds = 3
const long = 3_600_000

test('four peers do every round together and leave when all are done', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const world = createWorld({ seed, peers: names, rounds })
      for (const name of names) world.launch(name)
      world.run(long)
      for (const name of names) {
        assert.equal(world.left.get(name), 'done')
        assert.deepEqual(world.disk.get(name), { completed: rounds, base: `r${rounds}` })
        // The last one done finds everyone done already and does not idle.
        const steps = world.history.filter(({ peer, phase }) => peer === name && phase !== 'idle')
        const path = steps.map(({ phase, round }) => `${phase}${round}`)
        const round = (r: number) =>
          ['generating', 'training', 'averaging', 'personalising', 'evaluating'].map((phase) => `${phase}${r}`)
        assert.deepEqual(path, ['joining1', ...round(1), ...round(2), ...round(3), 'leaving4'])
      }
      assert.deepEqual(world.warnings, [])
    }),
    { numRuns: 30 },
  )
})

test('nobody averages before every live peer has trained', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const world = createWorld({ seed, peers: names, rounds })
      for (const name of names) world.launch(name)
      world.run(long)
      for (let round = 1; round <= rounds; round++) {
        const at = (phase: string) =>
          world.history.filter((n) => n.phase === phase && n.round === round).map((n) => n.at)
        assert.ok(Math.min(...at('evaluating')) > Math.max(...at('averaging')), `round ${round}`)
      }
    }),
    { numRuns: 30 },
  )
})

for (const phase of ['joining', 'generating', 'training', 'averaging', 'personalising', 'evaluating', 'idle']) {
  for (const comesBack of [false, true]) {
    test(`a peer killed while ${phase} ${comesBack ? 'and restarted takes part again' : 'is not waited for'}; the others finish`, () => {
      fc.assert(
        fc.property(fc.string(), fc.integer({ min: 0, max: 40_000 }), (seed, absence) => {
          const world = createWorld({ seed, peers: names, rounds })
          let killed = false
          let back = 0
          world.watch(({ peer, phase: now, round, at }: Note) => {
            const inSecondRound = round === 2 || phase === 'joining' || phase === 'idle'
            if (killed || peer !== 'bob' || now !== phase || !inSecondRound) return
            killed = true
            world.after(1, () => world.kill('bob'))
            if (!comesBack) return
            back = at + 1 + absence
            world.after(1 + absence, () => world.launch('bob'))
          })
          for (const name of names) world.launch(name)
          world.run(long)
          assert.ok(killed || phase === 'idle', 'only the last one done does not idle')
          for (const name of ['ada', 'cyd', 'dan']) {
            assert.equal(world.left.get(name), 'done', `${name} of seed ${seed}`)
            assert.deepEqual(world.disk.get(name), { completed: rounds, base: `r${rounds}` })
          }
          if (!comesBack || !killed) return
          assert.equal(world.left.get('bob'), 'done')
          const trained = world.history.filter(
            ({ peer, phase: p, at }) => peer === 'bob' && p === 'training' && at > back,
          )
          const othersLeft =
            world.history.filter(({ phase: p, peer }) => p === 'idle' && peer === 'ada').at(-1)?.at ?? 0
          if (phase !== 'idle' && othersLeft - back > 60_000) assert.ok(trained.length > 0, 'it took part again')
        }),
        { numRuns: 15 },
      )
    })
  }
}

test('a frozen peer delays the others by no more than the deadline of the phase they wait in', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const world = createWorld({ seed, peers: names, rounds: 1 })
      for (const name of names.slice(1)) world.launch(name)
      world.run(long)
      const began = world.history.filter(({ phase }) => phase === 'generating').map(({ at }) => at)
      assert.equal(began.length, 3)
      assert.ok(Math.max(...began) <= deadlines.join + 100, `waited ${Math.max(...began)} ms for one that never came`)
    }),
    { numRuns: 10 },
  )
})

test('a latecomer pulls the result of the round under way and takes part in the next', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 28_000, max: 40_000 }), (seed, late) => {
      const world = createWorld({ seed, peers: names.slice(0, 3), rounds })
      for (const name of names.slice(0, 3)) world.launch(name)
      world.after(late, () => world.launch('dan'))
      world.run(long)
      const dan = world.history.filter(({ peer }) => peer === 'dan')
      assert.ok(dan.some(({ phase, round }) => phase === 'training' && round >= 2))
      assert.equal(
        dan.some(({ phase, round }) => phase === 'training' && round === 1),
        false,
      )
      for (const name of names) assert.deepEqual(world.disk.get(name), { completed: rounds, base: `r${rounds}` })
    }),
    { numRuns: 20 },
  )
})

test('with a fifth of the gossip lost all peers still finish with one adapter', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const world = createWorld({ seed, peers: names, rounds, loss: 0.2 })
      for (const name of names) world.launch(name)
      world.run(long)
      for (const name of names) assert.deepEqual(world.disk.get(name), { completed: rounds, base: `r${rounds}` })
    }),
    { numRuns: 20 },
  )
})
