/** Churn and script as one list of what happens to whom and when; `world.ts` carries it out. */
import { inputError } from '../../core/errors.ts'
import type { Random } from '../../core/random.ts'
import type { Churn, Script } from './fault-schema.ts'

export type Fault =
  | { readonly type: 'start' | 'kill' | 'leave' | 'pause' | 'resume'; readonly peer: string }
  | { readonly type: 'clock-jump'; readonly peer: string; readonly seconds: number }
  | { readonly type: 'edit-topology'; readonly peer: string; readonly file: string }
  | { readonly type: 'disk'; readonly peer: string; readonly full: boolean }
  | { readonly type: 'pace'; readonly peer: string; readonly times: number }
  | { readonly type: 'partition'; readonly groups: readonly (readonly string[])[] }
  | { readonly type: 'heal' }

export interface Timed {
  /** Seconds. */
  readonly at: number
  readonly fault: Fault
}

/**
 * In the order of time; what is written first comes first. All start at 0 but those whose first turn is to come up, and
 * those whose first turn is to go down at 0: they are away from the beginning.
 */
export function timelineOf(peers: readonly string[], churn: readonly Timed[], script: Script): Timed[] {
  const steps = script.flatMap((step) => faultsOf(step, peers))
  const begun = new Set<string>()
  const late = new Set<string>()
  const away = new Set<string>()
  const turns = [
    ...churn.map(({ at, fault }) => ({ at, to: fault.type, named: 'peer' in fault ? [fault.peer] : [] })),
    ...script.map((step) => ({ at: step.at, to: step.fault, named: ('peers' in step && step.peers) || [] })),
  ]
  for (const { at, to, named } of turns.sort((a, b) => a.at - b.at)) {
    for (const peer of named) {
      if (begun.has(peer)) continue
      begun.add(peer)
      if (to === 'start' || to === 'join') late.add(peer)
      if (to === 'kill' && at === 0) away.add(peer)
    }
  }
  const starts = peers
    .filter((peer) => !late.has(peer) && !away.has(peer))
    .map((peer) => ({ at: 0, fault: { type: 'start', peer } as const }))
  const faults = [...churn, ...steps]
    .sort((a, b) => a.at - b.at)
    // Only its first turn: it may come up at 0 as well, and go down again.
    .filter(({ fault }) => !(fault.type === 'kill' && away.delete(fault.peer)))
  return [...starts, ...faults]
}

/** Of all peers together: each is an event that waits from the beginning. */
const mostTurns = 1_000_000

const tooManyTurns = (until: number) =>
  inputError(
    'churn.turns',
    `Cannot draw churn: expected at most ${mostTurns} times that peers go down or come up until ${until} s, got more`,
  )

/** When peers go down and come up by a model; each peer has a random stream of its own. */
export function drawChurn(
  churn: Exclude<Churn, { model: 'trace' }>,
  peers: readonly string[],
  random: Random,
): Timed[] {
  let turns = 0
  return peers.flatMap((peer) => {
    const own = random.derive(peer)
    const out: Timed[] = []
    let at = 0
    let up = true
    for (const length of lengthsOf(churn, own)) {
      at += length
      if (at >= churn.until) break
      up = !up
      turns += 1
      if (turns > mostTurns) throw tooManyTurns(churn.until)
      // Who is down or up for no time at all does not turn.
      if (out.at(-1)?.at === at) out.pop()
      else out.push({ at, fault: { type: up ? 'start' : 'kill', peer } })
    }
    return up ? out : [...out, { at: churn.until, fault: { type: 'start', peer } }]
  })
}

/** Seconds up, seconds down, and so on without end. */
function* lengthsOf(churn: Exclude<Churn, { model: 'trace' }>, random: Random): Generator<number> {
  if (churn.model === 'diurnal') {
    const { periodSeconds, up } = churn
    const phase = random.next() * periodSeconds
    // It starts in the middle of its day, or is away from the beginning.
    const first = up * periodSeconds - phase
    yield Math.max(0, first)
    yield first > 0 ? (1 - up) * periodSeconds : periodSeconds - phase
    for (;;) {
      yield up * periodSeconds
      yield (1 - up) * periodSeconds
    }
  }
  const shape = churn.model === 'weibull' ? churn.shape : 1
  for (;;) {
    yield churn.upSeconds * (-Math.log(1 - random.next())) ** (1 / shape)
    yield churn.downSeconds * (-Math.log(1 - random.next())) ** (1 / shape)
  }
}

/** `text`: lines `seconds,peer,up|down`; empty lines and lines that begin with # say nothing. */
export function readTrace(text: string, file: string, peers: readonly string[]): Timed[] {
  const known = new Set(peers)
  return text.split('\n').flatMap((raw, i) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const [, at, peer = '', state] = /^(\d+(?:\.\d+)?)\s*,\s*([\w-]+)\s*,\s*(up|down)$/.exec(line) ?? []
    if (at === undefined || !known.has(peer)) {
      const expected = 'SECONDS,PEER,up or SECONDS,PEER,down with a peer of the scenario'
      throw inputError(
        'trace.line',
        `Cannot read ${file}, line ${i + 1}: expected ${expected}, got ${line.slice(0, 80)}`,
      )
    }
    return [{ at: Number(at), fault: { type: state === 'up' ? 'start' : 'kill', peer } }] as const
  })
}

function faultsOf(step: Script[number], all: readonly string[]): Timed[] {
  const { at } = step
  const each = (peers: readonly string[], after: number, make: (peer: string) => Fault): Timed[] =>
    peers.map((peer) => ({ at: at + after, fault: make(peer) }))
  const undone = (after: number | undefined, make: (after: number) => Timed[]): Timed[] =>
    after === undefined ? [] : make(after)
  switch (step.fault) {
    case 'kill':
      return [
        ...each(step.peers, 0, (peer) => ({ type: 'kill', peer })),
        ...undone(step.for, (after) => each(step.peers, after, (peer) => ({ type: 'start', peer }))),
      ]
    case 'pause':
      return [
        ...each(step.peers, 0, (peer) => ({ type: 'pause', peer })),
        ...each(step.peers, step.for, (peer) => ({ type: 'resume', peer })),
      ]
    case 'clock-jump':
      return each(step.peers, 0, (peer) => ({ type: 'clock-jump', peer, seconds: step.seconds }))
    case 'partition':
      return [
        { at, fault: { type: 'partition', groups: step.groups } },
        ...undone(step.for, (after) => [{ at: at + after, fault: { type: 'heal' } }]),
      ]
    case 'heal':
      return [{ at, fault: { type: 'heal' } }]
    case 'join':
      return each(step.peers, 0, (peer) => ({ type: 'start', peer }))
    case 'leave':
      return each(step.peers, 0, (peer) => ({ type: 'leave', peer }))
    case 'edit-topology':
      return each(step.peers ?? all, 0, (peer) => ({ type: 'edit-topology', peer, file: step.file }))
    case 'disk-full':
      return [
        ...each(step.peers, 0, (peer) => ({ type: 'disk', peer, full: true })),
        ...each(step.peers, step.for, (peer) => ({ type: 'disk', peer, full: false })),
      ]
    case 'slow':
      return [
        ...each(step.peers, 0, (peer) => ({ type: 'pace', peer, times: step.times })),
        ...undone(step.for, (after) => each(step.peers, after, (peer) => ({ type: 'pace', peer, times: 1 }))),
      ]
  }
}
