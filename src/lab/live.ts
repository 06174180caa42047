/** What the peers of a run are doing, for people: a line a peer that is redrawn, or a line a change in a log. */
import type { PeerEvent } from '../../peers/events.ts'
import type { FederationPlan } from '../../peers/plan.ts'

export interface LiveSink {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface LiveDisplay {
  show(event: PeerEvent): void
  /** Leaves the last state standing and draws no more. */
  close(): void
}

interface Line {
  phase: string
  round: number
  detail: string
  connected: number
}

const redrawMs = 100

/** Rounds that a display may count to. */
export const roundsOf = ({ mixing, rounds }: Pick<FederationPlan, 'mixing' | 'rounds'>): number | undefined =>
  mixing.timing === 'rounds' ? rounds : undefined

/** `rounds`: undefined where there are none, and a peer's own updates are counted. */
export function createLiveDisplay(sink: LiveSink, rounds: number | undefined, now: () => number): LiveDisplay {
  const peers = new Map<string, Line>()
  let drawn = 0
  let drawnAt = Number.NEGATIVE_INFINITY

  const text = (name: string, { phase, round, detail, connected }: Line): string => {
    const width = Math.max(...[...peers.keys()].map(({ length }) => length))
    const where = rounds === undefined ? `update ${round}` : `round ${Math.min(round, rounds)}/${rounds}`
    return `${name.padEnd(width)}  ${where}  ${phase.padEnd(10)}  ${String(connected)} connected  ${detail}`.trimEnd()
  }
  const redraw = (): void => {
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`
    const cut = (line: string): string => [...line].slice(0, (sink.columns ?? 80) - 1).join('')
    sink.write(up + [...peers].map(([name, line]) => `\u001b[K${cut(text(name, line))}\n`).join(''))
    drawn = peers.size
    drawnAt = now()
  }

  return {
    show(event) {
      const line = peers.get(event.name) ?? { phase: 'starting', round: 1, detail: '', connected: 0 }
      peers.set(event.name, line)
      const telling = apply(line, event)
      if (sink.isTTY === true) {
        if (telling || now() - drawnAt >= redrawMs) redraw()
      } else if (telling) {
        sink.write(`${text(event.name, line)}\n`)
      }
    },
    close() {
      if (sink.isTTY === true && peers.size > 0) redraw()
    },
  }
}

/** Is this worth a line of its own in a log? */
function apply(line: Line, event: PeerEvent): boolean {
  switch (event.type) {
    case 'phase':
      Object.assign(line, { phase: event.phase, round: event.round, detail: '' })
      return true
    case 'peer.joined':
      line.connected += 1
      return false
    case 'peer.left':
      line.connected = Math.max(0, line.connected - 1)
      line.detail = `${event.other.slice(-6)} left: ${event.reason}`
      return true
    case 'peer.refused':
      line.detail = `refused ${event.other.slice(-6)}: ${event.differs}`
      return true
    case 'generated':
      line.detail = `kept ${event.kept} of ${event.candidates} candidates`
      return true
    case 'step':
      line.detail = `${event.adapter} adapter, step ${event.step}/${event.steps}, loss ${event.loss.toFixed(3)}`
      return event.step === event.steps
    case 'drift':
      line.detail = `gave up an exchange with ${event.other.slice(-6)}: ${event.reason}`
      return true
    case 'averaged':
      line.detail = `${event.peers === 0 ? 'took the average' : `averaged over ${event.peers} peers`}, adapter ${event.digest.slice(0, 12)}`
      return true
    case 'gathered':
      line.detail = `gathered what ${event.states} other peers brought`
      return true
    case 'truncated':
      line.detail = `cut the adapter to rank ${event.rank}, which discards ${(100 * event.discarded).toFixed(1)} %`
      return true
    case 'pulled':
      line.detail = `pulled adapter ${event.digest.slice(0, 12)} of round ${event.round}`
      return true
    case 'evaluated':
      line.detail = `${event.adapter}: held-out loss ${event.loss.toFixed(3)}, ROUGE-L ${event.rougeL.toFixed(3)}`
      return true
    case 'exchange':
      line.detail = `exchange with ${event.other.slice(-6)}: ${event.reason ?? 'done'}`
      return false
    case 'held':
      line.detail = `holds version ${event.version.toFixed(2)}, adapter ${event.digest.slice(0, 12)}`
      return true
    case 'engine.restarted':
      line.detail = `engine restarted: ${event.reason}`
      return true
    case 'topology':
      line.detail = `mixes over ${event.topology} from round ${event.round} on`
      return true
    case 'fault':
      line.detail = `${event.fault} ${event.detail}`.trimEnd()
      return true
    case 'warning':
      line.detail = event.message
      return true
    case 'stopped':
      Object.assign(line, { phase: 'ended', detail: event.reason })
      return true
    case 'listening':
    case 'loaded':
    case 'edge':
    case 'traffic':
      return false
  }
}
