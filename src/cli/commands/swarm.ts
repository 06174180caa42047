/** `fedpit swarm`: many peers on this machine, with live progress, a table at the end and a report. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PeerEvent } from '../../../peers/events.ts'
import { closingLog } from '../../../peers/wiring/event-log.ts'
import { localError } from '../../core/errors.ts'
import { readExamples } from '../../data/read-examples.ts'
import { asynchronousTable, consensusDistance } from '../../lab/asynchronous-summary.ts'
import { createEngineRoom, type EngineRoom } from '../../lab/engine-room.ts'
import { createProcessLaunch } from '../../lab/launch-process.ts'
import { createLiveDisplay, roundsOf } from '../../lab/live.ts'
import { agreed, outcomeDocument, outcomesOf } from '../../lab/outcome.ts'
import { pathOrName } from '../../lab/read-yaml.ts'
import { collectAdapters, createRunFolder, type RunFolder, writeReport } from '../../lab/run-folder.ts'
import { readScenario, realScenario, type Scenario, startScenario } from '../../lab/scenario.ts'
import { type PeerEnd, runSwarm } from '../../lab/swarm.ts'
import { outcomeTable, timeTable } from '../../lab/table.ts'
import { finished, verdictOf } from '../../lab/verdict.ts'
import type { CommandContext, Register } from '../context.ts'
import { executable } from '../executable.ts'
import { findHome, findModel, type Home } from '../home.ts'
import { builtIn } from '../models/built-in.ts'
import { ensureModel } from '../models/pull.ts'
import { pullContext } from '../models/pull-context.ts'

interface SwarmOptions {
  readonly model?: string
  readonly processes?: true
  readonly out: string
}

const examples = `
Examples:
  fedpit swarm
  fedpit swarm --model smollm2-135m-instruct
  fedpit swarm my-scenario.yaml --processes
  fedpit swarm --format json > outcome.json

A scenario lists peers with their data, what fedpit.yaml says of a federation, and the model; src/lab/scenarios/start.yaml is the one
that is run without. At most 256 peers.

Exit code 5: a peer failed, or peers that did all their rounds hold different global adapters.`

export const register: Register = (program, context) => {
  program
    .command('swarm')
    .description('run many peers on this machine, each with its own key, data and libp2p node')
    .argument('[scenario]', 'YAML file; left out: four peers with the example data')
    .option(
      '--model <name>',
      'model directory, GGUF file, or name of a model, instead of the one of the scenario; without a scenario also other examples and settings, where it is not nano',
    )
    .option('--processes', 'each peer in a process of its own; they share one engine')
    .option('--out <folder>', 'where runs are kept', 'runs')
    .addHelpText('after', examples)
    .action((scenario: string | undefined, options: SwarmOptions) => swarm(scenario, options, context))
}

async function swarm(path: string | undefined, options: SwarmOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context
  const scenario = await chooseScenario(path, options.model)
  const home = findHome(process.env)
  // A mistake here is told before a model is fetched.
  for (const { data } of scenario.peers) await readExamples(data)
  await ensureModel(scenario.model, home, pullContext(context))
  const folder = await createRunFolder(options.out, scenario, new Date())
  output.note(`${scenario.peers.length} peers, ${scenario.rounds} rounds, ${scenario.model}; run folder ${folder.path}`)
  const display = createLiveDisplay(process.stderr, roundsOf(scenario), () => performance.now())
  const events: PeerEvent[] = []
  const publish = (event: PeerEvent): void => {
    events.push(event)
    folder.log.write(event)
    display.show(event)
  }
  const room = engineRoom(home)
  const run = async (): Promise<PeerEnd[]> => {
    try {
      const launch =
        options.processes === true
          ? createProcessLaunch(executable, await room.serve(join(folder.path, 'engine')))
          : launchIn(room)
      const ends = await runSwarm({ scenario, homeOf: folder.home, launch, publish }, signal)
      signal.throwIfAborted()
      for (const { name, reason, failed } of ends) if (failed) output.note(`Peer ${name} failed: ${reason}`)
      if (ends.every(({ failed }) => failed)) {
        throw localError('swarm.failed', `Cannot finish the swarm: no peer of ${ends.length} ended in order`)
      }
      return ends
    } finally {
      display.close()
      await room.close()
    }
  }
  // What is known is told, also where the log had no room for it.
  await closingLog(folder.log, async () => tellOutcome(await run(), events, folder, context))
}

async function tellOutcome(
  ends: readonly PeerEnd[],
  events: readonly PeerEvent[],
  folder: RunFolder,
  { output, tellBroken }: CommandContext,
): Promise<void> {
  const peers = outcomesOf(events)
  const done = finished(peers)
  const distance = consensusDistance(peers)
  const apart = distance === undefined ? {} : { consensusDistance: distance }
  const result = {
    run: folder.path,
    ...folder.facts,
    agreed: agreed(done),
    ...apart,
    finished: done.length,
    failed: ends.filter(({ failed }) => failed).map(({ name, reason }) => ({ name, reason })),
    peers: peers.map(outcomeDocument),
  }
  const holders = result.agreed ? done : peers
  await collectAdapters(
    folder,
    holders.map(({ name }) => name),
    result.agreed,
  )
  await writeFile(join(folder.path, 'metrics.json'), `${JSON.stringify(result, undefined, 2)}\n`)
  const report = await writeReport(folder.path, events)
  const verdict = verdictOf(peers, ends.length)
  output.result(
    { ...result, report },
    [outcomeTable(peers), ...asynchronousTable(peers), timeTable(peers), verdict, `Report: ${report}`].join('\n\n'),
  )
  // Without rounds each holds an adapter of its own.
  if (result.failed.length > 0 || (distance === undefined && !result.agreed)) tellBroken()
}

/** The example data and sizes that the built-in model is given are not those for a model that knows English. */
async function chooseScenario(path: string | undefined, model: string | undefined): Promise<Scenario> {
  if (model === undefined) return readScenario(path ?? startScenario)
  const scenario = await readScenario(path ?? (model === builtIn.name ? startScenario : realScenario))
  return { ...scenario, model: pathOrName(model, process.cwd()) }
}

function engineRoom(home: Home): EngineRoom {
  return createEngineRoom({ findModel: (model) => findModel(model, home), cacheFolder: home.cache })
}

function launchIn(room: EngineRoom) {
  return (home: string, publish: (event: PeerEvent) => void, signal: AbortSignal) => room.run(home, {}, publish, signal)
}
