/** `fedpit simulate` with the engine: FedPIT's round on the tiny model, in virtual time. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import type { PeerEvent } from '../../peers/events.ts'
import { readEvents } from '../../src/lab/read-run.ts'
import type { SimulationFigures } from '../../src/lab/simulation/figures.ts'
import { createFederation, fedpit, hanging, plan } from './federation.ts'

test(
  'with the engine the peers learn, one is killed at its work, and a seed gives one digest',
  { timeout: hanging },
  async () => {
    const names = ['ada', 'bob', 'cyd']
    const federation = await createFederation(names)
    const scenario = {
      ...{ name: 'engine', learning: 'engine', model: federation.model, rounds: 2, seed: 's' },
      peers: names.map((name) => ({ name, data: federation.data(name) })),
      ...{ fedpit: plan.fedpit, evaluation: plan.evaluation },
      deadlines: { join: 60, ready: 120, average: 60, pull: 30, round: 240, leave: 240 },
      script: [{ at: 12, fault: 'kill', peers: ['cyd'], for: 4 }],
    }
    const file = join(federation.folder, 'scenario.yaml')
    const simulated = async (): Promise<SimulationFigures & { run: string }> => {
      const args = [fedpit, '--format', 'json', 'simulate', file, '--out', join(federation.folder, 'runs')]
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: federation.env })
      return JSON.parse(stdout)
    }
    try {
      await writeFile(file, stringify(scenario))
      const [first, again] = [await simulated(), await simulated()]
      assert.equal(again.digest, first.digest)
      assert.deepEqual([first.finished, first.agreed, first.drift], [3, true, undefined])
      assert.ok(first.sessions.length > 0 && first.sessions.every(({ sumKept }) => sumKept))
      const events = await readEvents(first.run)
      const of = <T extends PeerEvent['type']>(type: T) =>
        events.filter((event): event is Extract<PeerEvent, { type: T }> => event.type === type)
      assert.ok(of('generated').length >= 6 && of('step').length > 12)
      const losses = of('evaluated').filter(({ name, adapter }) => name === 'ada' && adapter !== 'global')
      const [base, ...local] = losses.map(({ loss }) => loss)
      assert.ok(
        (local.at(-1) ?? Number.POSITIVE_INFINITY) < (base ?? 0),
        `ada's local adapter learnt nothing: ${losses.length}`,
      )
      // The virtual time of the work is the scenario's, however long it took here.
      const begun = events.find((event) => event.type === 'phase' && event.phase === 'training')?.at ?? 0
      assert.ok(begun > 5000 && begun < 15_000, `training began at ${begun}`)
    } finally {
      await federation.remove()
    }
  },
)
