import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CommanderError } from 'commander'
import { describeFailure, Interruption } from '../../../src/cli/output/failure.ts'
import { FedpitError, inputError, localError, remoteError } from '../../../src/core/errors.ts'

test('describeFailure() gives each family its exit code', () => {
  const bug = new FedpitError('Cannot', { family: 'bug', code: 'x.bug' })
  const cases = [
    [inputError('x.input', 'Cannot'), 2],
    [localError('x.local', 'Cannot'), 3],
    [remoteError('x.remote', 'Cannot'), 4],
    [bug, 70],
    [new TypeError('undefined is not a function'), 70],
    [new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"), 2],
  ] as const
  for (const [error, exitCode] of cases) assert.equal(describeFailure(error).exitCode, exitCode, error.message)
})

test('describeFailure() counts what the operating system refuses as this machine', () => {
  const missing = (() => {
    try {
      return readFileSync('/nowhere/at/all')
    } catch (error) {
      return error
    }
  })()
  const failure = describeFailure(missing)
  assert.equal(failure.exitCode, 3)
  assert.equal(failure.code, 'system.enoent')
})

test('describeFailure() says interrupted, whatever broke because of the signal', () => {
  assert.equal(describeFailure(new Error('socket closed'), new Interruption('interrupted')).exitCode, 130)
  assert.equal(describeFailure(new Error('socket closed'), new Interruption('terminated')).exitCode, 143)
  assert.equal(describeFailure(new Error('socket closed'), new Interruption('unread')).exitCode, 141)
})

test('describeFailure() keeps the stack of what nobody expected', () => {
  assert.match(describeFailure(new TypeError('odd')).message, /please report it: TypeError: odd\n\s+at /)
})
