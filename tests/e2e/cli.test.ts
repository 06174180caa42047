/** The command line as a process: help, wrong input, exit codes, one JSON document. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

function fedpit(...args: string[]) {
  return spawnSync(process.execPath, ['src/cli/fedpit.js', ...args], { encoding: 'utf8' })
}

test('fedpit --version prints the version of package.json', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
  const run = fedpit('--version')
  assert.equal(run.status, 0)
  assert.equal(run.stdout.trim(), manifest.version)
})

test('fedpit refuses an unknown option with exit code 2 and says which', () => {
  const run = fedpit('--nonsense')
  assert.equal(run.status, 2)
  assert.equal(run.stdout, '')
  assert.match(run.stderr, /Unknown option '--nonsense'/)
})

test('fedpit --format json reports a failure as one JSON document', () => {
  const run = fedpit('--format', 'json', '--nonsense')
  assert.equal(run.status, 2)
  const { error } = JSON.parse(run.stdout) as { error: { code: string; message: string } }
  assert.equal(error.code, 'cli.usage')
})

test('fedpit without a command shows help and says what it expected', () => {
  for (const args of [[], ['models']]) {
    const run = fedpit(...args)
    assert.equal(run.status, 2)
    assert.match(run.stderr, /^Usage: fedpit .*^fedpit: Cannot run: expected a command, got none\n$/ms)
    assert.doesNotMatch(run.stderr, /outputHelp/)
  }
})

/** Every write to it fails with ENOSPC. */
const fullDisk = '/dev/full'

test('fedpit says in one line that its output cannot be written', { skip: !existsSync(fullDisk) }, () => {
  const full = openSync(fullDisk, 'w')
  const runs = mkdtempSync(join(tmpdir(), 'fedpit-cli-'))
  const to = (stdio: ['ignore', 'pipe' | number, 'pipe' | number], ...args: string[]) =>
    spawnSync(process.execPath, ['src/cli/fedpit.js', ...args], { encoding: 'utf8', stdio })
  try {
    for (const args of [['topology', 'ring', '--peers', '4'], ['topology', 'ring', '--format', 'json'], ['--help']]) {
      const run = to(['ignore', full, 'pipe'], ...args)
      assert.equal(run.status, 3, run.stderr)
      assert.match(run.stderr, /^fedpit: Cannot write standard output: expected .*, got "ENOSPC: .*"\n$/)
    }
    // Its first word is a note; it is stopped there.
    assert.equal(to(['ignore', 'pipe', full], 'simulate', '--out', runs).status, 3)
    // What failed first is what is told.
    assert.equal(to(['ignore', full, full], '--format', 'json', '--nonsense').status, 2)
  } finally {
    closeSync(full)
    rmSync(runs, { recursive: true })
  }
})

test('every command has a help page with an example', () => {
  const commands = [...fedpit('--help').stdout.matchAll(/^ {2}([a-z]+)(?: .*)?$/gm)].map((match) => match[1] as string)
  for (const command of commands.filter((name) => name !== 'help')) {
    const run = fedpit(command, '--help')
    assert.equal(run.status, 0, command)
    assert.match(run.stdout, /Examples?:\n {2}fedpit /, `fedpit ${command} --help`)
  }
})
