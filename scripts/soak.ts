/**
 * `npm run soak -- [--seeds N] [--from SEED] [--format json]`: random scenarios in virtual time against what must hold
 * whatever fails (`src/lab/soak/violations.ts`). Prints each seed that fails with what was wrong and how to run it
 * again, event by event the same. Exits with 1 where one failed.
 */
import { parseArgs } from 'node:util'
import { linesOf, replayOf, type Soaked, soak } from '../src/lab/soak/soak.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    format: { type: 'string', default: 'text' },
  },
})
const from = wholeNumber('--from', values.from)
const seeds = wholeNumber('--seeds', values.seeds)
const begun = performance.now()
/** In JSON standard output has one document and nothing else. */
const told = values.format === 'json' ? process.stderr : process.stdout
const failed: Soaked[] = []
const totals = { faults: 0, sessions: 0, searchedBytes: 0 }
for (let seed = from; seed < from + seeds; seed++) {
  const soaked = await soak(seed, new AbortController().signal)
  if (process.stderr.isTTY) process.stderr.write(`\rseed ${seed} of ${from + seeds - 1} `)
  for (const line of linesOf(soaked)) told.write(`${line}\n`)
  if (soaked.wrong.length > 0) failed.push(soaked)
  for (const key of ['faults', 'sessions', 'searchedBytes'] as const) totals[key] += soaked[key]
}
const wallSeconds = Math.round((performance.now() - begun) / 100) / 10
const failures = failed.map((soaked) => ({
  seed: soaked.seed,
  digest: soaked.digest,
  wrong: soaked.wrong,
  replay: replayOf(soaked),
}))
const { faults, sessions, searchedBytes } = totals
const did = `${faults} faults, ${sessions} sessions, ${(searchedBytes / 1e6).toFixed(1)} MB searched`
const text = `${seeds - failed.length} of ${seeds} random scenarios kept every promise (${did}), in ${wallSeconds} s\n`
const document = { from, seeds, kept: seeds - failed.length, ...totals, wallSeconds, failures }
process.stdout.write(values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : text)
process.exitCode = failed.length === 0 ? 0 : 1
