/** The engine's process where it is orphaned or cannot start; the rest is in its contract. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEngineChild } from '../../src/engine/child.ts'

const path = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

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
