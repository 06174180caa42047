/** The engine's process: killed, aborted, orphaned, and what its parent notices of it. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type EngineChild, startEngineChild } from '../../src/engine/child.ts'
import { type SupervisorEvent, superviseEngine } from '../../src/engine/supervisor.ts'
import { arithmeticTraining } from '../fixtures/arithmetic-engine.ts'

const path = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

function supervised() {
  const children: EngineChild[] = []
  const events: SupervisorEvent[] = []
  const engine = superviseEngine({
    start: () => {
      const child = startEngineChild(path('arithmetic-engine-process.ts'))
      children.push(child)
      return child
    },
    sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
    onEvent: (event) => events.push(event),
    backoffMs: 10,
  })
  return { engine, children, events, [Symbol.asyncDispose]: () => engine.close() }
}

test('kill -9 while training is reported, and the training made again gives the same result', async () => {
  await using run = supervised()
  await run.engine.open({ path: 'm', device: 'cpu', decode: 'f32', threads: 1 })
  const steps: number[] = []
  const result = await run.engine.train(arithmeticTraining(10), undefined, ({ step }) => {
    steps.push(step)
    if (steps.length === 4) process.kill(run.children[0]?.pid as number, 'SIGKILL')
  })
  assert.deepEqual(result.adapter.parameters, Float32Array.of(10, 10, 10, 10))
  assert.equal(steps.filter((step) => step === 1).length, 2)
  assert.deepEqual(
    run.events.map(({ type, reason }) => [type, reason]),
    [
      ['engine.retrying', 'SIGKILL'],
      ['engine.restarted', 'SIGKILL'],
    ],
  )
})

test('training made again continues from the last checkpoint', async () => {
  await using run = supervised()
  const steps: number[] = []
  const result = await run.engine.train({ ...arithmeticTraining(10), checkpointEvery: 2 }, undefined, ({ step }) => {
    steps.push(step)
    if (steps.length === 5) process.kill(run.children[0]?.pid as number, 'SIGKILL')
  })
  assert.deepEqual(result.losses, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  assert.equal(steps.filter((step) => step === 4).length, 1)
})

test('a call whose engine dies twice fails, and too many deaths in a row end the engine', async () => {
  await using run = supervised()
  const killing = () =>
    run.engine.train(arithmeticTraining(10), undefined, () => {
      process.kill(run.children.at(-1)?.pid as number, 'SIGKILL')
    })
  await assert.rejects(killing(), { code: 'engine.died' })
  assert.equal(run.children.length, 2)
  await assert.rejects(killing(), { code: 'engine.died' })
  await assert.rejects(killing(), { code: 'engine.given-up' })
  await assert.rejects(killing(), /died 5 times in a row \(SIGKILL\)/)
})

test('an abort stops training within an update while the parent stays responsive', async () => {
  await using run = supervised()
  const abort = new AbortController()
  let last = performance.now()
  let worst = 0
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last)
    last = performance.now()
  }, 5)
  let abortedAt = 0
  const training = run.engine.train(arithmeticTraining(1000), abort.signal, ({ step }) => {
    if (step !== 20) return
    abortedAt = performance.now()
    abort.abort(new Error('stop'))
  })
  await assert.rejects(training, /stop/)
  clearInterval(timer)
  // An update takes 20 ms; the allowance is for a loaded machine.
  assert.ok(performance.now() - abortedAt < 200, `took ${performance.now() - abortedAt} ms to stop`)
  assert.ok(worst < 150, `the parent's timer was late by ${worst} ms`)
  assert.deepEqual(await run.engine.tokenize(['abc']), [[3]])
})

test('a child whose parent is killed ends by itself', async () => {
  const parent = fork(path('engine-parent-process.ts'), [], { execArgv: [] })
  const [pid] = (await once(parent, 'message')) as [number]
  process.kill(pid, 0)
  parent.kill('SIGKILL')
  const deadline = performance.now() + 5000
  while (isRunning(pid) && performance.now() < deadline) await sleep(20)
  assert.equal(isRunning(pid), false)
})

test('a child that cannot start says why', async () => {
  const child = startEngineChild(path('missing.ts'))
  await assert.rejects(child.engine.tokenize(['a']), /exit code 1: [\s\S]*missing\.ts/)
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
