/** The engine's process: `node process.ts CACHE_FOLDER`, started by start.ts. */
import { runAsChild } from './child.ts'
import { machineChecks } from './devices/machine-checks.ts'
import { hostEngine } from './host.ts'
import { createLocalEngine } from './local-engine.ts'

const [cacheFolder] = process.argv.slice(2)
if (cacheFolder === undefined) throw new RangeError('Cannot start the engine: expected a cache folder, got none')
const engine = createLocalEngine({ cacheFolder, checks: machineChecks(cacheFolder) })
runAsChild((channel) => hostEngine(engine, channel))
