/** `fedpit simulate`: the peers of the product in virtual time, with the faults of a scenario. */
import type { PeerEvent } from '../../../peers/events.ts'
import { closingLog } from '../../../peers/wiring/event-log.ts'
import { readExamples } from '../../data/read-examples.ts'
import { shareEngine } from '../../engine/share.ts'
import { startEngine } from '../../engine/start.ts'
import { asynchronousTable } from '../../lab/asynchronous-summary.ts'
import { discardedWords } from '../../lab/discarded.ts'
import { outcomesOf, type PeerOutcome } from '../../lab/outcome.ts'
import { createRunFolder, writeReport, writeSimulation } from '../../lab/run-folder.ts'
import type { AsynchronousFigures } from '../../lab/simulation/asynchronous.ts'
import { openEngineLearners } from '../../lab/simulation/engine-learners.ts'
import { exchangedWords } from '../../lab/simulation/exchanged.ts'
import { brokenPromises, figuresOf, type SimulationFigures } from '../../lab/simulation/figures.ts'
import { churnScenario, readSimulation, type SimulationScenario } from '../../lab/simulation/scenario.ts'
import { sessionRows } from '../../lab/simulation/session-rows.ts'
import { type SimulationChanges, simulate } from '../../lab/simulation/simulate.ts'
import { align } from '../../lab/table.ts'
import type { CommandContext, Register } from '../context.ts'
import { findHome, findModel } from '../home.ts'
import { ensureModel } from '../models/pull.ts'
import { pullContext } from '../models/pull-context.ts'

interface SimulateOptions {
  readonly out: string
  readonly seed?: string
}

const examples = `
Examples:
  fedpit simulate
  fedpit simulate my-scenario.yaml --seed 7
  fedpit simulate my-scenario.yaml --format json | grep digest
  fedpit simulate my-scenario.yaml || echo "something broke"

A scenario says which peers there are, their links, churn and faults; src/lab/scenarios/churn.yaml is the one that is run without, and
explains every key.

Exit code 5: the sum of what peers hold moved, or peers that did all their rounds hold different global adapters.`

export const register: Register = (program, context) => {
  program
    .command('simulate')
    .description('run many peers in virtual time, with links, churn and faults that a seed draws')
    .argument('[scenario]', 'YAML file; left out: twelve peers under churn')
    .option('--seed <text>', 'instead of the scenario’s own')
    .option('--out <folder>', 'where runs are kept', 'runs')
    .addHelpText('after', examples)
    .action((file: string | undefined, options: SimulateOptions) => run(file, options, context))
}

async function run(file: string | undefined, options: SimulateOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context
  const read = await readSimulation(file ?? churnScenario)
  const scenario = options.seed === undefined ? read : { ...read, seed: options.seed }
  const learning = scenario.learning === 'engine' ? await engineFor(scenario, context) : undefined
  const model = learning === undefined ? `stand-in, ${scenario.standIn.numbers} numbers` : scenario.model
  const folder = await createRunFolder(options.out, { ...scenario, model }, new Date())
  output.note(`${scenario.peers.length} simulated peers, ${scenario.rounds} rounds; run folder ${folder.path}`)
  const events: PeerEvent[] = []
  const rounds = new Map<string, number>()
  const publish = (event: PeerEvent): void => {
    events.push(event)
    folder.log.write(event)
    if (event.type === 'phase') rounds.set(event.name, event.round - 1)
  }
  const total = scenario.peers.length * scenario.rounds
  const onProgress = (seconds: number): void => {
    const done = [...rounds.values()].reduce((sum, round) => sum + Math.min(round, scenario.rounds), 0)
    output.progress.update('simulating', `${bar(done / total)} ${done}/${total} rounds, ${seconds.toFixed(0)} s`)
  }
  const begun = performance.now()
  // What is known is told, also where the log had no room for it.
  await closingLog(folder.log, async () => {
    const simulation = await simulate(scenario, { publish, onProgress }, signal, learning).finally(() =>
      learning?.close(),
    )
    const wallSeconds = Math.round((performance.now() - begun) / 10) / 100
    const figures = figuresOf(scenario, simulation, events)
    await writeSimulation(folder.path, figures)
    const report = await writeReport(folder.path, events)
    const outcomes = outcomesOf(events)
    const peers = outcomes.map(({ name, digest, stopped, bytes }) => {
      return { name, digest: digest ?? null, ended: stopped ?? null, bytes }
    })
    const broken = brokenPromises(figures)
    const result = { run: folder.path, ...folder.facts, ...figures, broken, wallSeconds, peers, report }
    const text = [summary(figures, outcomes, wallSeconds), `Report: ${report}`, ...broken]
    output.result(result, text.join('\n\n'))
    if (broken.length > 0) context.tellBroken()
  })
}

/** The model that the peers learn with, in an engine that all of them share. */
async function engineFor(scenario: SimulationScenario, context: CommandContext) {
  const home = findHome(process.env)
  // A mistake here is told before a model is fetched.
  for (const { data = '' } of scenario.peers) await readExamples(data)
  await ensureModel(scenario.model, home, pullContext(context))
  const engine = shareEngine(startEngine({ cacheFolder: home.cache }))
  const parts = { engine, modelPath: findModel(scenario.model, home), note: context.output.note }
  const openLearners: SimulationChanges['openLearners'] = (...world) => openEngineLearners(scenario, parts, ...world)
  return { openLearners, close: () => engine.close() }
}

function summary(figures: SimulationFigures, outcomes: readonly PeerOutcome[], wallSeconds: number): string {
  const { sessions, asynchronous, agreed, finished, unfinished, exchanged, seconds, events, digest, modelled } = figures
  const verdict = agreed ? 'they hold the same global adapter' : 'they do NOT hold the same global adapter'
  const lines = [
    asynchronous === undefined
      ? `${finished} of ${outcomes.length} peers did all their rounds; ${verdict}.`
      : `${finished} of ${outcomes.length} peers came to their end. ${asynchronousWords(asynchronous)}`,
    ...(unfinished.length > 0 ? [`Did not end by themselves: ${unfinished.slice(0, 20).join(', ')}`] : []),
    exchangedWords(exchanged),
    ...discardedWords(outcomes),
    `${seconds.toFixed(1)} s of virtual time in ${wallSeconds} s; ${events} events with the digest ${digest}`,
  ]
  const table = sessions.length === 0 ? asynchronousTable(outcomes) : [align(sessionRows(sessions))]
  return [...table, lines.join('\n'), ['Modelled:', ...modelled].join('\n  ')].join('\n\n')
}

function asynchronousWords({ samples, sumKept }: AsynchronousFigures): string {
  const last = samples.at(-1)
  const sum = `The sum of what all held was ${sumKept ? '' : 'NOT '}kept to the last integer.`
  if (last === undefined) return sum
  const optimum =
    last.toOptimum === undefined ? '' : `, their mean ${last.toOptimum.mean.toExponential(2)} from the optimum`
  return `Each holds an adapter of its own, ${last.consensus.toExponential(2)} from their mean${optimum}. ${sum}`
}

function bar(share: number): string {
  const full = Math.round(20 * share)
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)}`
}
