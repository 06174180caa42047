/**
 * `npm run soak -- --seeds N`: random scenarios in virtual time against what must hold whatever fails. Prints each seed
 * that fails with what was wrong; `--from SEED --seeds 1` runs it again, event by event the same.
 */
import { parseArgs } from 'node:util'
import type { PeerEvent } from '../peers/events.ts'
import { figuresOf } from '../src/lab/simulation/figures.ts'
import { drawScenario, violations } from '../src/lab/simulation/random-scenario.ts'
import { simulate } from '../src/lab/simulation/simulate.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
})
const first = wholeNumber('--from', values.from)
const count = wholeNumber('--seeds', values.seeds)
const begun = performance.now()
let failed = 0
for (let seed = first; seed < first + count; seed++) {
  const events: PeerEvent[] = []
  const observer = { publish: (event: PeerEvent) => void events.push(event), onProgress: () => {} }
  const scenario = drawScenario(String(seed))
  const simulation = await simulate(scenario, observer, new AbortController().signal)
  if (process.stderr.isTTY) process.stderr.write(`\rseed ${seed} of ${first + count - 1} `)
  const wrong = violations(figuresOf(scenario, simulation, events))
  if (wrong.length > 0) failed += 1
  for (const what of wrong) console.log(`seed ${seed}: ${what} (events ${simulation.digest.slice(0, 16)})`)
}
const seconds = ((performance.now() - begun) / 1000).toFixed(1)
console.log(`${count - failed} of ${count} random scenarios kept every promise, in ${seconds} s`)
process.exitCode = failed === 0 ? 0 : 1
