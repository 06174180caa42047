/** `npm run ok`: every check that must be green before a commit, with the seconds each took. */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const checks: Record<string, string[]> = {
  format: ['biome', 'check', '--error-on-warnings'],
  types: ['tsc', '--noEmit'],
  layers: ['depcruise', '--config', 'scripts/checks/layers.cjs', 'src', 'peers', 'protocols', 'scripts', 'tests'],
  unused: ['knip', '--no-progress'],
  lockfile: ['node', 'scripts/checks/lockfile.ts'],
  tests: ['node', 'scripts/checks/test.ts', '--fast'],
}

const { positionals } = parseArgs({ allowPositionals: true })
const chosen = positionals.length > 0 ? positionals : Object.keys(checks)
let failed = 0
for (const name of chosen) {
  const [command, ...args] = checks[name] ?? []
  if (command === undefined) throw new RangeError(`Cannot run check "${name}": expected one of ${Object.keys(checks)}`)
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (status === 0) continue
  failed += 1
  console.log(stdout.split('\n').slice(-60).join('\n'), stderr.slice(-5_000))
}
process.exitCode = failed === 0 ? 0 : 1
