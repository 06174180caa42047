import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Clock } from '../../../../peers/kernel/ports.ts'
import { supervise } from '../../../../peers/kernel/supervision.ts'

/** Time that passes only by sleeping. */
function sleeperClock(): Pick<Clock, 'now' | 'sleep'> & { slept: number[] } {
  let now = 0
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      slept.push(ms)
      now += ms
    },
  }
}

const policy = { limit: 3, windowMs: 10_000, backoffMs: 100, maxBackoffMs: 250 }

test('supervise() restarts a failing child with a back-off that doubles up to its ceiling', async () => {
  const clock = sleeperClock()
  let runs = 0
  const death = await supervise(
    async () => {
      runs += 1
      if (runs <= 3) throw new Error(`failure ${runs}`)
      return 'well'
    },
    { clock, policy },
  )
  assert.deepEqual(death, { type: 'finished', value: 'well' })
  assert.deepEqual(clock.slept, [100, 200, 250])
})

test('supervise() gives up after `limit` restarts inside the window, with the last error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 6 }), async (limit) => {
      const clock = sleeperClock()
      let runs = 0
      const death = await supervise(
        async () => {
          runs += 1
          throw new Error(`failure ${runs}`)
        },
        { clock, policy: { ...policy, limit } },
      )
      assert.equal(runs, limit + 1)
      assert.deepEqual(death, { type: 'given-up', error: new Error(`failure ${limit + 1}`), restarts: limit })
    }),
  )
})

test('failures older than the window are forgiven', async () => {
  const clock = sleeperClock()
  let runs = 0
  const death = await supervise(
    async () => {
      runs += 1
      if (runs === 20) return runs
      await clock.sleep(6_000)
      throw new Error('now and then')
    },
    { clock, policy },
  )
  assert.deepEqual(death, { type: 'finished', value: 20 })
})

test('an error that is not restartable ends the child at once', async () => {
  const death = await supervise(() => Promise.reject(new Error('wrong input')), {
    clock: sleeperClock(),
    policy,
    restartable: () => false,
  })
  assert.deepEqual(death, { type: 'given-up', error: new Error('wrong input'), restarts: 0 })
})

test('a stopped child is not restarted', async () => {
  const abort = new AbortController()
  const death = await supervise(
    async () => {
      abort.abort()
      throw new Error('torn down')
    },
    { clock: sleeperClock(), policy, signal: abort.signal },
  )
  assert.deepEqual(death, { type: 'stopped' })
})

test('one child restarts alone: the other goes on undisturbed', async () => {
  const clock = sleeperClock()
  let starts = 0
  let failing = 0
  const steady = supervise(
    async () => {
      starts += 1
      await new Promise((resolve) => setImmediate(resolve))
      return 'steady'
    },
    { clock, policy },
  )
  const shaky = supervise(
    async () => {
      failing += 1
      if (failing < 3) throw new Error('shaky')
    },
    { clock, policy },
  )
  assert.deepEqual([(await steady).type, (await shaky).type, starts, failing], ['finished', 'finished', 1, 3])
})
