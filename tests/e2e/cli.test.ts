/** The command line as a process: help, wrong input, exit codes, one JSON document. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
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

test('every command has a help page with an example', () => {
  const commands = [...fedpit('--help').stdout.matchAll(/^ {2}([a-z]+)(?: .*)?$/gm)].map((match) => match[1] as string)
  for (const command of commands.filter((name) => name !== 'help')) {
    const run = fedpit(command, '--help')
    assert.equal(run.status, 0, command)
    assert.match(run.stdout, /Examples?:\n {2}fedpit /, `fedpit ${command} --help`)
  }
})
