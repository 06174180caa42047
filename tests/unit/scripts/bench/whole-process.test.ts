import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeProcess } from '../../../../scripts/bench/whole-process.ts'
import { FedpitError } from '../../../../src/core/errors.ts'

const node = (code: string) => wholeProcess(process.execPath, ['-e', code])
const local = (message: RegExp) => (error: unknown) =>
  error instanceof FedpitError && error.family === 'local' && message.test(error.message)

test('wholeProcess reads the JSON document that a program prints, and not its standard error', async () => {
  assert.deepEqual(await node('console.error("epoch 1"); console.log(JSON.stringify({ rate: 2 }))'), { rate: 2 })
})

test('wholeProcess says what a program that fails said last, without its stack trace', async () => {
  const code = 'console.error("Traceback\\n  line 3\\nModuleNotFoundError: torch"); process.exit(1)'
  await assert.rejects(node(code), local(/^Cannot measure with .*: ModuleNotFoundError: torch$/))
})

test('wholeProcess names a program that is not there, and one that prints no JSON', async () => {
  await assert.rejects(wholeProcess('/nowhere/python', []), local(/\/nowhere\/python: spawn .*ENOENT$/))
  await assert.rejects(node('console.log("half")'), local(/: Unexpected token/))
})
