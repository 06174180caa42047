import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalClock } from '../../../../peers/kernel/local-clock.ts'
import { createVirtualClock } from '../../../../peers/kernel/virtual-clock.ts'

function stage() {
  const world = createVirtualClock()
  const clock = createLocalClock(world)
  const woken: string[] = []
  const nap = (name: string, ms: number): void => void clock.sleep(ms).then(() => woken.push(`${name}@${world.now()}`))
  return { world, clock, woken, nap }
}

test('LocalClock.pause() holds what falls due, and resume() lets it run in its order', async () => {
  const { world, clock, woken, nap } = stage()
  nap('b', 20)
  nap('a', 10)
  nap('c', 90)
  clock.pause()
  clock.whenRunning(() => woken.push('message'))
  await world.advance(50)
  assert.deepEqual(woken, [])
  clock.resume()
  await world.advance(100)
  assert.deepEqual(woken, ['message', 'a@50', 'b@50', 'c@90'])
})

test('LocalClock.jump() is later at once, and wakes who was to wake by then', async () => {
  const { world, clock, woken, nap } = stage()
  nap('a', 100)
  nap('b', 300)
  await world.advance(10)
  clock.jump(200)
  assert.equal(clock.now(), 210)
  await world.advance(1)
  assert.deepEqual(woken, ['a@10'])
  await world.advance(200)
  assert.deepEqual(woken, ['a@10', 'b@100'])
})

test('LocalClock.jump() wakes who was to wake by then in the order of falling due, paused or not', async () => {
  for (const paused of [false, true]) {
    const { world, clock, woken } = stage()
    clock.later(10_000, () => woken.push('A'))
    clock.later(2000, () => woken.push('B'))
    if (paused) clock.pause()
    clock.jump(100_000)
    await world.advance(1)
    clock.resume()
    assert.deepEqual(woken, ['B', 'A'])
  }
})

test('LocalClock.stop() lets nothing go on that waits, paused or not', async () => {
  const { world, clock, woken, nap } = stage()
  nap('a', 10)
  clock.pause()
  await world.advance(20)
  clock.stop()
  clock.resume()
  nap('b', 10)
  clock.whenRunning(() => woken.push('message'))
  await world.advance(100)
  assert.deepEqual(woken, [])
})

test('LocalClock.sleep() rejects when aborted, also while paused, and is then forgotten', async () => {
  const { world, clock } = stage()
  const stop = new AbortController()
  const asleep = clock.sleep(10, stop.signal)
  clock.pause()
  await world.advance(20)
  stop.abort(new Error('up'))
  await assert.rejects(asleep, /up/)
  clock.resume()
})

test('LocalClock.later() waits for a paused machine, and does not run once it was taken back', async () => {
  const { world, clock, woken } = stage()
  clock.later(10, () => woken.push('kept'))
  const takeBack = clock.later(10, () => woken.push('taken back'))
  clock.pause()
  await world.advance(20)
  takeBack()
  clock.resume()
  assert.deepEqual(woken, ['kept'])
})
