import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchTries } from '../../../../peers/wiring/libp2p/dial-tries.ts'

const begins = { type: 'transport-manager:selected-transport' }
const answers = { type: 'upgrader:encrypt-outbound-connection' }
const error = new Error('it failed')
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
const slow = 'no encrypted connection came about in time: the other machine or the line may be too slow (it failed)'
const keys = 'no encrypted connection comes about, the pre-shared keys may differ (it failed)'

/** Tries of one dial: each begins at a time in seconds, and is answered or not. */
function failureOf(
  tries: readonly (readonly [at: number, answered: boolean])[],
  end: number,
  late = false,
  cause: Error = error,
) {
  let now = 0
  const watch = watchTries(() => 1000 * now)
  for (const [at, answered] of tries) {
    now = at
    watch.onProgress(begins)
    if (answered) watch.onProgress(answers)
  }
  now = end
  return watch.failure(cause, late)
}

test('a dial that nobody answers is no failure of an encryption', () => {
  assert.equal(failureOf([[0, false]], 6), undefined)
  assert.equal(failureOf([], 0), undefined)
})

test('what fails at once is told as another key, and what fails at its time as slow', () => {
  assert.equal(failureOf([[0, true]], 0.1), keys)
  assert.equal(failureOf([[0, true]], 6), slow)
  assert.equal(failureOf([[0, true]], 2, true), slow, 'given up as a whole')
  assert.match(failureOf([[0, false]], 0.1, false, reset) ?? '', /keys may differ \(read ECONNRESET\)/)
})

test('of several addresses, one that answered and failed at once tells of the key', () => {
  const slowThenWrong = [
    [0, true],
    [6, true],
  ] as const
  assert.equal(failureOf(slowThenWrong, 6.1), keys)
  const slowThenNobody = [
    [0, true],
    [6, false],
  ] as const
  assert.equal(failureOf(slowThenNobody, 6.1), slow)
})
