import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as sleepReally } from 'node:timers/promises'
import { createVirtualClock } from '../../../peers/kernel/virtual-clock.ts'

test('VirtualClock.until() wakes sleepers in order of time, those of one moment in the order they lay down', async () => {
  const clock = createVirtualClock()
  const woken: string[] = []
  const nap = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms)
    woken.push(`${name}@${clock.now()}`)
  }
  await clock.until(Promise.all([nap('c', 30), nap('a', 10), nap('b', 10), nap('a', 10).then(() => nap('d', 5))]))
  assert.deepEqual(woken, ['a@10', 'b@10', 'a@10', 'd@15', 'c@30'])
})

test('VirtualClock.until() says so when nothing can ever happen', async () => {
  const clock = createVirtualClock()
  await assert.rejects(clock.until(new Promise(() => {})), { name: 'FedpitError', message: /nobody sleeps/ })
})

test('VirtualClock.sleep() rejects when aborted, before or meanwhile, and is then forgotten', async () => {
  const clock = createVirtualClock()
  await assert.rejects(clock.sleep(1, AbortSignal.abort(new Error('no'))), /no/)
  const stop = new AbortController()
  const asleep = clock.sleep(10, stop.signal)
  stop.abort(new Error('up'))
  await assert.rejects(asleep, /up/)
  await clock.advance(100)
  assert.equal(clock.now(), 100)
})

test('VirtualClock.later() runs in order of time, but for what was taken back before or while others ran', async () => {
  const clock = createVirtualClock()
  const run: number[] = []
  const takings = Array.from({ length: 100 }, (_, i) => clock.later(100 - i, () => run.push(i)))
  for (let i = 0; i < 100; i++) if (i % 4 !== 0) takings[i]?.()
  clock.later(50, () => {
    for (let i = 0; i < 20; i++) takings[i]?.()
  })
  await clock.advance(200)
  assert.deepEqual(
    run,
    Array.from({ length: 20 }, (_, i) => 96 - 4 * i),
  )
})

test('VirtualClock.advance() stops at its end, whoever still sleeps', async () => {
  const clock = createVirtualClock()
  let woken = false
  void clock.sleep(50).then(() => {
    woken = true
  })
  await clock.advance(49)
  assert.equal(woken, false)
  await clock.advance(1)
  assert.equal(woken, true)
})

test('VirtualClock.hold() lets no time pass until the real work is there, and keeps the order of who was held', async () => {
  const clock = createVirtualClock()
  const seen: string[] = []
  const work = async (name: string, after: number, realMs: number): Promise<void> => {
    const real = sleepReally(realMs)
    await clock.sleep(after)
    await clock.hold(real)
    seen.push(`${name} at ${clock.now()}`)
  }
  const tick = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(10)
      seen.push(`tick at ${clock.now()}`)
    }
  }
  // The one that is due first takes longer.
  await clock.until(Promise.all([work('slow', 15, 60), work('fast', 15, 1), tick()]))
  assert.deepEqual(seen, ['tick at 10', 'slow at 15', 'fast at 15', 'tick at 20', 'tick at 30'])
  const failing = clock.until(clock.hold(sleepReally(1).then(() => Promise.reject(new Error('lost')))))
  await assert.rejects(failing, /lost/)
  await clock.advance(5)
  assert.equal(clock.now(), 35)
})
