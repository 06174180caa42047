/** `fedpit topology`: who averages with whom in each round, how fast that is, and a drawing of it. */
import { writeFile } from 'node:fs/promises'
import { InvalidArgumentError } from 'commander'
import { topologySource } from '../../../peers/wiring/topology.ts'
import { type Facts, factsOf, goal } from '../../averaging/facts.ts'
import type { Round, Topology } from '../../averaging/schedule.ts'
import { families } from '../../averaging/topologies/by-name.ts'
import { inputError } from '../../core/errors.ts'
import { pathOrName } from '../../lab/read-yaml.ts'
import { topologyInTerminal } from '../../lab/topology/braille.ts'
import { topologyFigure } from '../../lab/topology/figure.ts'
import type { CommandContext, Register } from '../context.ts'
import { parseCount } from '../options.ts'
import { ensurePlace, unwritable } from '../writable.ts'

interface TopologyOptions {
  readonly peers: number
  readonly seed: string
  readonly svg?: string
}

/** What a complete graph of as many peers fits into memory. */
const mostPeers = 2048
/** Longer schedules are not listed. */
const mostListed = 200_000

const wide = Math.max(...families.map(({ form }) => form.length))
const help = `
Names (K a whole number, P a probability):
${families.map(({ form, says }) => `  ${form.padEnd(wide)}  ${says}`).join('\n')}
  ${'./FILE'.padEnd(wide)}  GraphML, or an edge list: two peer numbers a line; a line of --- begins the next round's graph

In a file peers are numbered from 0 and # begins a comment. In a federation members take their places by lot, anew in each session,
edges to places that stay empty are left out, and every session ends with the mean of all: a topology decides how fast, and how much is
sent.

Examples:
  fedpit topology base-4 --peers 16
  fedpit topology small-world-0.3 --peers 40 --seed 7 --svg small-world.svg
  fedpit topology base-2 --peers 5 --format json`

export const register: Register = (program, context) => {
  program
    .command('topology')
    .description('show who averages with whom, and in how many rounds all agree')
    .argument('<name>', 'a name, or ./FILE with a graph')
    .option('--peers <n>', `how many, 2 to ${mostPeers}`, parsePeers, 16)
    .option('--seed <text>', 'what random topologies are drawn from', '1')
    .option('--svg <file>', 'write the drawing there')
    .addHelpText('after', help)
    .action((name: string, options: TopologyOptions) => show(name, options, context))
}

function parsePeers(text: string): number {
  const count = parseCount(text)
  if (count < 2 || count > mostPeers) throw new InvalidArgumentError(`Expected 2 to ${mostPeers}.`)
  return count
}

async function show(name: string, { peers, seed, svg }: TopologyOptions, { output }: CommandContext): Promise<void> {
  const topology = await topologySource(pathOrName(name, process.cwd())).read()
  if (svg !== undefined) await ensurePlace(svg)
  const facts = factsOf(topology, peers, seed)
  if (svg !== undefined) await writeFigure(svg, topology, facts.rounds, peers)
  const edges = facts.rounds.reduce((sum, round) => sum + round.length, 0)
  output.result(
    documentOf(topology, facts, { peers, seed, edges }),
    [`${topology.name}, ${peers} peers`, '', ...linesOf(facts, peers, edges), ...drawing(facts.rounds, peers)].join(
      '\n',
    ),
  )
}

async function writeFigure(file: string, topology: Topology, rounds: readonly Round[], peers: number): Promise<void> {
  const figure = topologyFigure(`${topology.name}, ${peers} peers`, rounds, peers)
  if (figure === undefined) {
    throw inputError(
      'topology.drawing',
      `Cannot draw ${topology.name}: expected fewer peers or edges, got ${peers} peers`,
    )
  }
  await writeFile(file, figure).catch((error: unknown) => {
    throw unwritable(file, error)
  })
}

interface Numbers {
  readonly peers: number
  readonly seed: string
  readonly edges: number
}

/** `spectralGap` is 1 - what a round leaves of the disagreement; `spectralGapOf` says of which matrix. */
function documentOf(topology: Topology, facts: Facts, { peers, seed, edges }: Numbers) {
  const { rounds, diameter, exactAfter, predicted, measured, ...rest } = facts
  return {
    name: topology.name,
    peers,
    seed,
    promises: {
      preservesMean: topology.preservesMean,
      symmetric: topology.symmetric,
      exactAfter: exactAfter ?? null,
      expectedContraction: topology.expectedContraction?.(peers) ?? null,
    },
    degree: rest.degree,
    diameter: diameter ?? null,
    spectralGap: 1 - rest.contraction,
    spectralGapOf: rest.contractionOf,
    spectralGapIsBound: rest.contractionIsBound,
    roundsTo: { goal, predicted: predicted ?? null, measured: measured ?? null },
    session: { rounds: rounds.length, edges },
    ...(edges <= mostListed ? { rounds } : {}),
  }
}

function linesOf(facts: Facts, peers: number, edges: number): string[] {
  const gap = `${facts.contractionIsBound ? 'at most ' : ''}${(1 - facts.contraction).toPrecision(4)}, `
  const of = {
    graph: '1 - the second eigenvalue of the round',
    sessions: 'each round: 1 - the root of the mean squared mixing of sessions',
  }[facts.contractionOf]
  const rows: [string, string][] = [
    ['partners', `${facts.degree.most} a round at most, ${facts.degree.mean.toFixed(2)} on average`],
    ['diameter', facts.diameter === undefined ? 'none: some peers never hear of others' : inRounds(facts.diameter)],
    ['spectral gap', gap + of],
    ['exact', facts.exactAfter === undefined ? 'never, it only converges' : `after ${inRounds(facts.exactAfter)}`],
    [`rounds to ${goal}`, `${facts.predicted ?? 'never'} predicted, ${facts.measured ?? 'too many'} measured`],
    [
      'a session',
      `${inRounds(facts.rounds.length)}, ${edges} exchanges, ${((2 * edges) / peers).toFixed(1)} sends a peer`,
    ],
  ]
  return rows.map(([what, value]) => `${what.padEnd(16)}${value}`)
}

const inRounds = (count: number) => `${count} round${count === 1 ? '' : 's'}`

function drawing(rounds: readonly Round[], peers: number): string[] {
  const drawn = topologyInTerminal(rounds, peers)
  return drawn === undefined ? [] : ['', drawn]
}
