import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { onSignals } from '../../../src/cli/signals.ts'

function setUp(connected: boolean) {
  const told: string[] = []
  const process = Object.assign(new EventEmitter(), {
    connected,
    exit: (code: number) => void told.push(`exit ${code}`),
  })
  let time = 7000
  const end = onSignals({ process, now: () => time, stop: ({ kind }) => void told.push(kind) })
  const send = (at: number, signal: 'SIGINT' | 'SIGTERM'): void => {
    time = 7000 + at
    process.emit(signal)
  }
  return { told, process, send, end }
}

test('onSignals() takes signals right after the first for the same request, and a later one to end at once', () => {
  for (const [echo, last, exit] of [
    ['SIGINT', 'SIGINT', 'exit 130'],
    ['SIGTERM', 'SIGTERM', 'exit 143'],
  ] as const) {
    const { told, send } = setUp(false)
    for (const at of [0, 0, 500]) send(at, at === 0 ? 'SIGINT' : echo)
    assert.deepEqual(told, ['interrupted'])
    send(501, last)
    assert.deepEqual(told, ['interrupted', exit])
  }
})

test('onSignals() leaves it to a parent that follows the process to end it at once, until that has gone', () => {
  const { told, process, send } = setUp(true)
  send(0, 'SIGINT')
  send(14_000, 'SIGTERM')
  assert.deepEqual(told, ['interrupted'])
  process.connected = false
  send(14_001, 'SIGTERM')
  assert.deepEqual(told, ['interrupted', 'exit 143'])
})

test('onSignals() hears nothing once it was ended', () => {
  const { told, process, send, end } = setUp(false)
  end()
  send(0, 'SIGTERM')
  assert.deepEqual([told, process.eventNames()], [[], []])
})
