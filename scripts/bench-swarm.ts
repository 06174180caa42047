/**
 * `npm run bench:swarm -- [SCENARIO] [--processes] [--format json]`: a whole run of `fedpit swarm`, timed from start to
 * end, and the private memory of its processes, engines apart from the rest. Needs Linux (/proc).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { localError } from '../src/core/errors.ts'
import { realScenario } from '../src/lab/scenario.ts'
import { familyOf, privateMB } from './bench/process-memory.ts'
import { reportFailures } from './report-failures.ts'

const everyMs = 500

reportFailures()
const { values, positionals } = parseArgs({
  options: { processes: { type: 'boolean', default: false }, format: { type: 'string', default: 'text' } },
  allowPositionals: true,
})
const [scenario = realScenario] = positionals
const runs = await mkdtemp(join(tmpdir(), 'fedpit-bench-'))
try {
  const flags = values.processes ? ['--processes'] : []
  const began = performance.now()
  const swarm = spawn(
    process.execPath,
    ['src/cli/fedpit.js', '--format', 'json', 'swarm', scenario, '--out', runs, ...flags],
    { cwd: join(import.meta.dirname, '..'), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const document = text(swarm.stdout)
  const peak = { processes: 0, engines: 0, engineMB: 0, otherMB: 0 }
  const look = setInterval(() => sample(swarm.pid ?? 0, peak), everyMs)
  const [code, signal] = await once(swarm, 'close')
  clearInterval(look)
  const seconds = (performance.now() - began) / 1000
  if (code !== 0)
    throw localError('bench.swarm', `Cannot measure: expected the swarm to end with 0, got ${code ?? signal}`)
  const { name, agreed } = JSON.parse(await document)
  const result = { scenario: name, processes: values.processes, agreed, seconds, peak }
  process.stdout.write(
    values.format === 'json'
      ? `${JSON.stringify(result, undefined, 2)}\n`
      : `${name}${values.processes ? ', a process for each peer' : ''}: ${seconds.toFixed(0)} s, ` +
          `${peak.engines} of ${peak.processes} processes are engines; private memory at its peak: ` +
          `engines ${peak.engineMB.toFixed(0)} MB, the others ${peak.otherMB.toFixed(0)} MB\n`,
  )
} finally {
  await rm(runs, { recursive: true, force: true })
}

/** Each peak by itself: engines need not be largest when the others are. */
function sample(root: number, peak: Record<'processes' | 'engines' | 'engineMB' | 'otherMB', number>): void {
  const now = { processes: 0, engines: 0, engineMB: 0, otherMB: 0 }
  for (const { pid, command } of familyOf(root)) {
    const engine = /engine\/process\.[jt]s/.test(command)
    now.processes += 1
    now.engines += engine ? 1 : 0
    now[engine ? 'engineMB' : 'otherMB'] += privateMB(pid)
  }
  for (const key of ['processes', 'engines', 'engineMB', 'otherMB'] as const) peak[key] = Math.max(peak[key], now[key])
}
