/** The report of a run: one HTML file that needs nothing else. */
import type { PeerEvent } from '../../../peers/events.ts'
import { asynchronousRows, consensusDistance } from '../asynchronous-summary.ts'
import { agreed, type HeldOut, outcomesOf, type PeerOutcome } from '../outcome.ts'
import { countWords, finished } from '../verdict.ts'
import { lossFigure } from './loss-figure.ts'
import { legend, pageOf, section, table, tiles } from './parts.ts'
import { element, escapeText } from './svg.ts'
import { timelineFigure } from './timeline-figure.ts'

export interface RunFacts {
  readonly name: string
  readonly startedAt: string
  readonly seed: string
  readonly model: string
  readonly rounds: number
  /** Those that the run had, also where some said nothing. */
  readonly peers: number
  readonly versions: Readonly<Record<string, string>>
}

export function reportPage(facts: RunFacts, events: readonly PeerEvent[]): string {
  const outcomes = outcomesOf(events)
  const title = `fedpit: ${facts.name}`
  const [head, ...rows] = asynchronousRows(outcomes)
  return pageOf(
    title,
    element('h1', {}, escapeText(facts.name)),
    element('p', { class: 'lead' }, escapeText(leadOf(facts, outcomes))),
    verdicts(facts, outcomes),
    section(
      head === undefined ? 'Held-out loss by round' : 'Held-out loss by update of each peer',
      'Dashed: the untuned model. Lower is better.',
      legend(['global', 'local', 'base']),
    ),
    element('div', { class: 'charts' }, lossFigure(outcomes)),
    head === undefined
      ? section('Phases over time', 'Averaging lasts until every live peer has trained.', legend(phasesInRounds))
      : section('Phases over time', 'Nobody waits for anybody until the end.', legend(asynchronousPhases)),
    timelineFigure(events),
    section(
      'Peers',
      'Loss: nats a token. ROUGE-L: F-measure. Local adapters and private examples stay at their peer.',
      '',
    ),
    peerTable(outcomes),
    ...(head === undefined ? [] : [section('Mixing without rounds', versionWords, ''), table(head, rows)]),
    section('Of what was generated', 'Reasons for which candidates were not used.', ''),
    rejectionTable(outcomes),
    section('Run', '', ''),
    factTable(facts),
  )
}

export const phasesInRounds = ['joining', 'generating', 'training', 'averaging', 'personalising', 'evaluating', 'idle']
export const asynchronousPhases = [
  'joining',
  'generating',
  'training',
  'exchanging',
  'personalising',
  'evaluating',
  'idle',
]
export const versionWords =
  'Version: updates a peer that are in what a peer holds. Staleness: updates between the versions of two that exchanged.'

function leadOf({ peers, rounds, model, startedAt }: RunFacts, outcomes: readonly PeerOutcome[]): string {
  const unit = outcomes.some(({ asynchronous }) => asynchronous !== undefined) ? 'update' : 'round'
  return `${peers} peers, ${rounds} ${unit}${rounds === 1 ? '' : 's'}${unit === 'update' ? ' a peer' : ''}, ${model}. Started ${startedAt}.`
}

function verdicts({ peers }: RunFacts, outcomes: readonly PeerOutcome[]): string {
  const better = outcomes.filter(({ heldOut: { base, local } }) => base && local && local.loss < base.loss).length
  const kept = outcomes.reduce((sum, { examples }) => sum + examples.kept, 0)
  const sent = outcomes.reduce((sum, { bytes }) => sum + bytes.sent, 0)
  return tiles([
    agreement(outcomes, peers),
    [`${better} of ${peers}`, 'peers whose local adapter beats the untuned model'],
    [String(kept), 'synthetic examples kept'],
    [`${(sent / 1e6).toFixed(1)} MB`, 'sent by all peers'],
  ])
}

function agreement(outcomes: readonly PeerOutcome[], peers: number): readonly [string, string] {
  const count = countWords(outcomes, peers)
  const distance = consensusDistance(outcomes)
  if (distance !== undefined) {
    const each = 'consensus distance: each holds an adapter of its own'
    return [distance.toExponential(1), count === undefined ? each : `${each}; ${count}`]
  }
  const who = count === undefined ? 'all peers' : `${count}; all of those`
  return [agreed(finished(outcomes)) ? 'yes' : 'no', `${who} hold the same global adapter`]
}

function peerTable(outcomes: readonly PeerOutcome[]): string {
  const isCut = outcomes.some(({ truncated }) => truncated !== undefined)
  const head = [
    'peer',
    'loss: base',
    'global',
    'local',
    'ROUGE-L: base',
    'global',
    'local',
    'private',
    'MB sent',
    'MB received',
    ...(isCut ? ['rank', 'discarded'] : []),
    'digest',
  ]
  const show = (value: HeldOut | undefined, key: keyof HeldOut): string => value?.[key].toFixed(3) ?? '–'
  return table(
    head,
    outcomes.map(({ name, heldOut: { base, global, local }, examples, bytes, truncated, digest }) => [
      name,
      ...[base, global, local].map((value) => show(value, 'loss')),
      ...[base, global, local].map((value) => show(value, 'rougeL')),
      String(examples.private),
      (bytes.sent / 1e6).toFixed(2),
      (bytes.received / 1e6).toFixed(2),
      ...(isCut ? cutOf(truncated) : []),
      digest?.slice(0, 12) ?? '–',
    ]),
  )
}

/** Its rank, and what an adapter of that rank lacks of the mean. */
function cutOf(truncated: PeerOutcome['truncated']): string[] {
  return truncated === undefined ? ['–', '–'] : [String(truncated.rank), `${(100 * truncated.discarded).toFixed(1)} %`]
}

function rejectionTable(outcomes: readonly PeerOutcome[]): string {
  const reasons = [...new Set(outcomes.flatMap(({ examples }) => Object.keys(examples.rejected)))].sort()
  return table(
    ['peer', 'generated', 'kept', ...reasons],
    outcomes.map(({ name, examples }) => [
      name,
      String(examples.generated),
      String(examples.kept),
      ...reasons.map((reason) => String(examples.rejected[reason] ?? 0)),
    ]),
  )
}

function factTable({ seed, model, versions }: RunFacts): string {
  const facts = Object.entries({ seed, model, ...versions })
  return element('div', { class: 'facts' }, table(['', ''], facts))
}
