/** The report of a simulated run: one HTML file that needs nothing else. */
import type { PeerEvent } from '../../../peers/events.ts'
import { mixingGrid } from '../../averaging/fixed-point.ts'
import { discardedWords } from '../discarded.ts'
import { outcomesOf } from '../outcome.ts'
import { exchangedWords } from '../simulation/exchanged.ts'
import type { SimulationFigures } from '../simulation/figures.ts'
import { mixingsOf } from '../simulation/mixings.ts'
import { sessionRows } from '../simulation/session-rows.ts'
import { consensusFigure } from './consensus-figure.ts'
import type { RunFacts } from './page.ts'
import { legend, pageOf, section, table, tiles } from './parts.ts'
import { element, escapeText } from './svg.ts'
import { timelineFigure } from './timeline-figure.ts'
import { topologyFigure } from './topology-figure.ts'

/** More than this cannot be told apart on a page. */
const mostDrawn = 400
const mostFaults = 1000
const phases = ['joining', 'generating', 'training', 'averaging', 'evaluating', 'idle']

export function simulationPage(facts: RunFacts, figures: SimulationFigures, events: readonly PeerEvent[]): string {
  const outcomes = outcomesOf(events)
  const { sessions, bytes, modelled, digest, seconds, drift } = figures
  const drawn = new Set(outcomes.slice(0, mostDrawn).map(({ name }) => name))
  const lead = `${outcomes.length} simulated peers, ${facts.rounds} rounds, ${seconds.toFixed(0)} s of virtual time.`
  const sent = bytes.reduce((sum, round) => sum + round.sent, 0)
  const rest = outcomes.length > mostDrawn ? ` The first ${mostDrawn} of ${outcomes.length} peers.` : ''
  const [head, ...rows] = sessionRows(sessions)
  return pageOf(
    `fedpit: ${facts.name}`,
    element('h1', {}, escapeText(facts.name)),
    element('p', { class: 'lead' }, escapeText(lead)),
    tiles([
      [`${figures.finished} of ${outcomes.length}`, 'peers that did all their rounds'],
      [figures.agreed ? 'yes' : 'no', 'all of those hold the same global adapter'],
      [sumsOf(sessions), 'every sum kept to the last integer'],
      [`${(sent / 1e6).toFixed(1)} MB`, 'sent by all peers'],
    ]),
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
    section('Who was up, and in which phase', `Where there is no bar the peer was down.${rest}`, legend(phases)),
    timelineFigure(events.filter(({ name }) => drawn.has(name))),
    section(
      'Bytes by round',
      `Of all peers, by the round that each was in; then those of peers that had done theirs. ${[exchangedWords(figures.exchanged), ...discardedWords(outcomes)].join(' ')}`,
      '',
    ),
    table(
      ['round', 'MB sent', 'MB received'],
      bytes.map(({ round, sent, received }) => [
        round === null ? 'after' : String(round),
        ...[sent, received].map((n) => (n / 1e6).toFixed(3)),
      ]),
    ),
    section('What was done to the peers', '', ''),
    table(['second', 'peers', 'fault', ''], faultRows(events)),
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
  return [...rows.values()].slice(0, mostFaults)
}

/** Where members gathered there was no sum. */
function sumsOf(sessions: SimulationFigures['sessions']): string {
  if (sessions.length === 0) return '–'
  return sessions.every(({ sumKept }) => sumKept) ? 'yes' : 'no'
}
