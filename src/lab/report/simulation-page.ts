/** The report of a simulated run: one HTML file that needs nothing else. */
import type { PeerEvent } from '../../../peers/events.ts'
import { mixingGrid } from '../../averaging/fixed-point.ts'
import { asynchronousRows } from '../asynchronous-summary.ts'
import { discardedWords } from '../discarded.ts'
import { outcomesOf, type PeerOutcome } from '../outcome.ts'
import type { AsynchronousFigures } from '../simulation/asynchronous.ts'
import { exchangedWords } from '../simulation/exchanged.ts'
import type { SimulationFigures } from '../simulation/figures.ts'
import { mixingsOf } from '../simulation/mixings.ts'
import { sessionRows } from '../simulation/session-rows.ts'
import { asynchronousFigure } from './asynchronous-figure.ts'
import { consensusFigure } from './consensus-figure.ts'
import { asynchronousPhases, phasesInRounds, type RunFacts, versionWords } from './page.ts'
import { legend, pageOf, section, table, tiles } from './parts.ts'
import { element, escapeText } from './svg.ts'
import { timelineFigure } from './timeline-figure.ts'
import { topologyFigure } from './topology-figure.ts'

/** More than this cannot be told apart on a page. */
const mostDrawn = 400
const mostFaults = 1000

export function simulationPage(facts: RunFacts, figures: SimulationFigures, events: readonly PeerEvent[]): string {
  const outcomes = outcomesOf(events)
  const { asynchronous, bytes, modelled, digest, seconds } = figures
  const unit = asynchronous === undefined ? 'round' : 'own update'
  const drawn = new Set(outcomes.slice(0, mostDrawn).map(({ name }) => name))
  const lead = `${outcomes.length} simulated peers, ${facts.rounds} ${asynchronous === undefined ? 'rounds' : 'updates a peer'}, ${seconds.toFixed(0)} s of virtual time.`
  const sent = bytes.reduce((sum, round) => sum + round.sent, 0)
  const faults = faultRows(events)
  const leftOut = faults.length - mostFaults
  const rest = outcomes.length > mostDrawn ? ` The first ${mostDrawn} of ${outcomes.length} peers.` : ''
  return pageOf(
    `fedpit: ${facts.name}`,
    element('h1', {}, escapeText(facts.name)),
    element('p', { class: 'lead' }, escapeText(lead)),
    tiles([
      [`${figures.finished} of ${outcomes.length}`, 'peers that came to their end'],
      agreement(figures),
      [sumsOf(figures), 'every sum kept to the last integer'],
      [`${(sent / 1e6).toFixed(1)} MB`, 'sent by all peers'],
    ]),
    ...howMixed(figures, events, outcomes),
    section(
      'Who was up, and in which phase',
      `Where there is no bar the peer was down.${rest}`,
      legend(asynchronous === undefined ? phasesInRounds : asynchronousPhases),
    ),
    timelineFigure(events.filter(({ name }) => drawn.has(name))),
    section(
      `Bytes by ${unit}`,
      `Of all peers, by the ${unit} that each was in; then those of peers that had done theirs. ${[exchangedWords(figures.exchanged), ...discardedWords(outcomes)].join(' ')}`,
      '',
    ),
    table(
      [unit, 'MB sent', 'MB received'],
      bytes.map(({ round, sent, received }) => [
        round === null ? 'after' : String(round),
        ...[sent, received].map((n) => (n / 1e6).toFixed(3)),
      ]),
    ),
    section(
      'What was done to the peers',
      leftOut > 0 ? `The last ${leftOut} of ${faults.length} are left out.` : '',
      '',
    ),
    table(['second', 'peers', 'fault', ''], faults.slice(0, mostFaults)),
    section('What is modelled', 'Everything else is the code that real peers run.', ''),
    element('ul', {}, ...modelled.map((text) => element('li', {}, escapeText(text)))),
    section('Run', '', ''),
    element(
      'div',
      { class: 'facts' },
      table(['', ''], Object.entries({ seed: facts.seed, digest, ...facts.versions })),
    ),
  )
}

function howMixed(
  figures: SimulationFigures,
  events: readonly PeerEvent[],
  outcomes: readonly PeerOutcome[],
): string[] {
  const { asynchronous, exchanged, drift } = figures
  if (asynchronous !== undefined) return withoutRounds(asynchronous, figures, outcomes)
  if (exchanged.gathered.states === 0) return inSessions(figures, events, outcomes)
  // What is gathered stands in no journal and takes no edge, so there is no distance, sum or circle to show.
  const text = 'Members gathered the states of the others in place of exchanges, of which nothing is drawn.'
  return [section('Sessions', `${text} ${driftWords(drift)}`, '')]
}

function inSessions(
  figures: SimulationFigures,
  events: readonly PeerEvent[],
  outcomes: readonly PeerOutcome[],
): string[] {
  const { sessions, drift } = figures
  const [head, ...rows] = sessionRows(sessions)
  return [
    section(
      'Distance to the true mean by round',
      'Lines: root mean square distance of a session’s members, after each mixing round. Dots: what they ended with.',
      '',
    ),
    consensusFigure(sessions),
    section('Sessions', `${driftWords(drift)} ${givenUpWords(figures)}`, ''),
    table(head ?? [], rows),
    section(
      'The topology as it was',
      'Who exchanged with whom, one circle a mixing round; hollow dots were in no exchange of the round.',
      legend(['carried', 'failed']),
    ),
    topologyFigure(
      mixingsOf(events),
      outcomes.map(({ name }) => name),
    ),
  ]
}

function withoutRounds(
  { samples }: AsynchronousFigures,
  figures: SimulationFigures,
  outcomes: readonly PeerOutcome[],
): string[] {
  const [head, ...rows] = asynchronousRows(outcomes)
  return [
    section(
      'Distances over time',
      'Blue: root mean square distance of the peers to their mean. Brown: to the optimum, where it is known.',
      '',
    ),
    asynchronousFigure(samples),
    section('Mixing without rounds', `${versionWords} ${givenUpWords(figures)}`, ''),
    table(head ?? [], rows),
  ]
}

function agreement({ asynchronous, agreed }: SimulationFigures): readonly [string, string] {
  if (asynchronous === undefined) return [agreed ? 'yes' : 'no', 'all of those hold the same global adapter']
  const distance = asynchronous.samples.at(-1)?.consensus
  return [distance?.toExponential(1) ?? '–', 'consensus distance: each holds an adapter of its own']
}

const driftWords = (drift: number | undefined): string =>
  drift === undefined
    ? 'Where training ends is not known.'
    : `The point where this training ends lies ${drift.toExponential(2)} from the optimum.`

function givenUpWords({ givenUp: { exchanges, units } }: SimulationFigures): string {
  if (exchanges === 0) return 'No exchange was given up unresolved.'
  const most = `${units} units of 2^${mixingGrid.exponent}`
  return `Exchanges given up unresolved: ${exchanges}; for them a coordinate’s sum may be off by up to ${most}.`
}

/** What befell several peers at once is one row. */
function faultRows(events: readonly PeerEvent[]): string[][] {
  const rows = new Map<string, string[]>()
  for (const event of events) {
    if (event.type !== 'fault') continue
    const { at, fault, detail, name } = event
    const key = `${at} ${fault} ${detail}`
    const row = rows.get(key)
    if (row === undefined) rows.set(key, [(at / 1000).toFixed(1), name, fault, detail])
    else row[1] += `, ${name}`
  }
  return [...rows.values()]
}

/** Where members gathered there was no sum. */
function sumsOf({ sessions, asynchronous }: SimulationFigures): string {
  if (asynchronous !== undefined) return asynchronous.sumKept ? 'yes' : 'no'
  if (sessions.length === 0) return '–'
  return sessions.every(({ sumKept }) => sumKept) ? 'yes' : 'no'
}
