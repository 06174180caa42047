/**
 * `npm test`: runs the tests with Node's own runner. `--fast` leaves out the folders that start processes or need a
 * real model, and has long lists of cases cut short (tests/fixtures/cases.ts); further arguments are paths to run
 * instead of everything.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const slow = ['tests/e2e/', 'tests/gpu/', 'tests/model/']
const separate = ['tests/gpu/']
const { values, positionals } = parseArgs({ options: { fast: { type: 'boolean' } }, allowPositionals: true })

const every = globSync('tests/**/*.test.ts').sort()
const excluded = values.fast ? slow : separate
const files =
  positionals.length > 0
    ? every.filter((file) => positionals.some((path) => file.startsWith(path)))
    : every.filter((file) => !excluded.some((folder) => file.startsWith(folder)))
if (files.length === 0)
  throw new Error(`Cannot run tests: no file matches ${positionals.join(' ') || 'tests/**/*.test.ts'}`)

const env = {
  ...process.env,
  // Every file runs in a process of its own, and most import the same modules: they are compiled once.
  NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
  ...(values.fast ? { FEDPIT_FAST_TESTS: '1' } : {}),
}
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...files], { env, stdio: 'inherit' })
process.exitCode = status ?? 1
