/** What came of a run, peer by peer, read off its events and nothing else. */
import type { PeerEvent, Phase } from '../../peers/events.ts'
import { type AsynchronousOutcome, asynchronousOutcome } from './asynchronous-outcome.ts'

export interface HeldOut {
  /** Mean negative log likelihood of a response token, in nats. */
  readonly loss: number
  /** F-measure, 0 to 1. */
  readonly rougeL: number
}

export type AdapterName = 'base' | 'global' | 'local'

export interface PeerOutcome {
  readonly name: string
  /** Of the global adapter it ended with; absent where it ended before the first average. */
  readonly digest?: string
  /** The latest evaluation of each; absent where there was none. */
  readonly heldOut: { readonly [adapter in AdapterName]?: HeldOut }
  readonly examples: {
    readonly private: number
    readonly generated: number
    readonly kept: number
    readonly rejected: Readonly<Record<string, number>>
  }
  readonly bytes: { readonly sent: number; readonly received: number }
  /** Where adapters were cut to a rank: of its global adapter, the rank and the share that the cuts left out. */
  readonly truncated?: { readonly rank: number; readonly discarded: number }
  readonly seconds: Readonly<Record<string, number>>
  /** Where it mixed without rounds. */
  readonly asynchronous?: AsynchronousOutcome
  /** Evaluations in the order of their rounds; without rounds, of the peer's own updates. */
  readonly history: readonly ({ readonly round: number; readonly adapter: AdapterName } & HeldOut)[]
  /** Why it ended; absent where it was killed. */
  readonly stopped?: string
}

export interface Span {
  readonly phase: Phase
  readonly round: number
  /** Milliseconds, on the axis of the events. */
  readonly from: number
  readonly to: number
}

/** In the order of the names. */
export function outcomesOf(events: readonly PeerEvent[]): PeerOutcome[] {
  return [...byPeer(events).values()].map(outcomeOf)
}

/** An outcome as machines get it: what is not known is null. */
export function outcomeDocument({
  name,
  digest,
  heldOut,
  examples,
  bytes,
  truncated,
  asynchronous,
  seconds,
  stopped,
}: PeerOutcome) {
  const { base = null, global = null, local = null } = heldOut
  const cut = truncated === undefined ? {} : { truncated }
  const { sketch: _, ...mixed } = asynchronous ?? {}
  const alone = asynchronous === undefined ? {} : { asynchronous: mixed }
  const end = { digest: digest ?? null, ended: stopped ?? null }
  return { name, ...end, heldOut: { base, global, local }, examples, bytes, ...cut, ...alone, seconds }
}

/** Did all peers that have an adapter end with the same bytes? */
export function agreed(outcomes: readonly PeerOutcome[]): boolean {
  const digests = outcomes.flatMap(({ digest }) => (digest === undefined ? [] : [digest]))
  return digests.length > 0 && new Set(digests).size === 1
}

/** By name, in order. */
export function byPeer(events: readonly PeerEvent[]): Map<string, PeerEvent[]> {
  const groups = new Map<string, PeerEvent[]>()
  for (const event of events) {
    const group = groups.get(event.name)
    if (group === undefined) groups.set(event.name, [event])
    else group.push(event)
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** When one peer was in which phase. A peer that was killed was last in its phase when it was last heard. */
export function spansOf(events: readonly PeerEvent[]): Span[] {
  const spans: Span[] = []
  let open: { phase: Phase; round: number; from: number } | undefined
  let last = 0
  for (const event of events) {
    // `loaded` begins a life of the process; where another was open, it was killed.
    const ends = event.type === 'loaded' ? last : event.at
    const ended = event.type === 'stopped' || event.type === 'loaded' || isKill(event)
    if (open !== undefined && (event.type === 'phase' || ended)) {
      spans.push({ ...open, to: ends })
      open = undefined
    }
    if (event.type === 'phase') open = { phase: event.phase, round: event.round, from: event.at }
    last = event.at
  }
  return open === undefined ? spans : [...spans, { ...open, to: last }]
}

const isKill = (event: PeerEvent): boolean => event.type === 'fault' && event.fault === 'kill'

function outcomeOf(events: readonly PeerEvent[]): PeerOutcome {
  const heldOut: { [adapter in AdapterName]?: HeldOut } = {}
  const history: PeerOutcome['history'][number][] = []
  const rejected: Record<string, number> = {}
  const seconds: Record<string, number> = {}
  const examples = { private: 0, generated: 0, kept: 0, rejected }
  let digest: string | undefined
  let truncated: PeerOutcome['truncated']
  let stopped: string | undefined
  let bytes = { sent: 0, received: 0 }
  let past = bytes
  for (const event of events) {
    if (event.type === 'loaded') {
      examples.private = event.examples
      // A new life of the process counts its traffic from zero again.
      past = bytes
    }
    if (event.type === 'generated') {
      examples.generated += event.candidates
      examples.kept += event.kept
      for (const [why, count] of Object.entries(event.rejected)) rejected[why] = (rejected[why] ?? 0) + count
    }
    if (event.type === 'averaged' || event.type === 'held' || event.type === 'pulled') digest = event.digest
    if (event.type === 'truncated') truncated = afterCut(truncated, event)
    if (event.type === 'evaluated') {
      const { adapter, loss, rougeL, round } = event
      heldOut[adapter] = { loss, rougeL }
      history.push({ round, adapter, loss, rougeL })
    }
    if (event.type === 'traffic') {
      bytes = { sent: past.sent + event.sent, received: past.received + event.received }
    }
    if (event.type === 'stopped') stopped = event.reason
    // What befalls a machine whose peer has ended says nothing of the peer.
    else if (event.type !== 'fault') stopped = undefined
  }
  for (const { phase, from, to } of spansOf(events)) seconds[phase] = (seconds[phase] ?? 0) + (to - from) / 1000
  for (const [phase, value] of Object.entries(seconds)) seconds[phase] = Math.round(value * 100) / 100
  const name = events[0]?.name ?? ''
  const asynchronous = asynchronousOutcome(events)
  const ending = {
    ...(digest === undefined ? {} : { digest }),
    ...(truncated === undefined ? {} : { truncated }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(asynchronous === undefined ? {} : { asynchronous }),
  }
  return { name, ...ending, heldOut, examples, bytes, seconds, history }
}

/**
 * The mean is cut to the federation's rank first, then to the peer's: shares of what was left, whose squares add up. A cut
 * to no lower rank than the last one begins anew.
 */
function afterCut(
  before: PeerOutcome['truncated'],
  { rank, discarded }: { readonly rank: number; readonly discarded: number },
): PeerOutcome['truncated'] {
  if (before === undefined || rank >= before.rank) return { rank, discarded }
  return { rank, discarded: Math.sqrt(1 - (1 - before.discarded ** 2) * (1 - discarded ** 2)) }
}
