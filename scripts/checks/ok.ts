/** `npm run ok`: every check that must be green before a commit, with the seconds each took. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { inputError } from '../../src/core/errors.ts'
import { reportFailures } from '../report-failures.ts'

reportFailures()

const checks: Record<string, string[]> = {
  format: ['biome', 'check', '--error-on-warnings'],
  // Only what changed since the last time is looked at again.
  types: ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/types.tsbuildinfo'],
  layers: ['depcruise', '--config', 'scripts/checks/layers.cjs', 'src', 'peers', 'protocols', 'scripts', 'tests'],
  unused: ['knip', '--no-progress'],
  lockfile: ['node', 'scripts/checks/lockfile.ts'],
  tests: ['node', 'scripts/checks/test.ts', '--fast'],
}
/** Each keeps one core at work, but for the tests, which run two files at a time. */
const atOnce = 2

const { positionals } = parseArgs({ allowPositionals: true })
const chosen = positionals.length > 0 ? positionals : Object.keys(checks)
for (const name of chosen) {
  if (name in checks) continue
  throw inputError('usage.check', `Cannot run check "${name}": expected one of ${Object.keys(checks).join(', ')}`)
}

async function run(name: string): Promise<void> {
  const [command, ...args] = checks[name] as [string, ...string[]]
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (status === 0) return
  process.exitCode = 1
  console.log(stdout.split('\n').slice(-60).join('\n'), stderr.slice(-5_000))
}

const waiting = chosen.filter((name) => name !== 'tests')
const runSome = async (): Promise<void> => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name)
}
await Promise.all(Array.from({ length: atOnce }, runSome))
if (chosen.includes('tests')) await run('tests')
