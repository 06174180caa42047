/**
 * The topology as it was: for every round of the federation a circle for each mixing round, with the edges that carried
 * an exchange and those that failed. The round is picked by a radio button, which needs no script.
 */
import { roundsPerPass } from '../../../peers/wiring/averaging/mix.ts'
import type { Mixing, RoundMixings, TriedEdge } from '../simulation/mixings.ts'
import { onCircle, type Point } from '../topology/circle.ts'
import { element, escapeText } from './svg.ts'

const size = 250
const margin = 40
const caption = 22

/** More are no drawing any more. */
const most = { peers: 512, rounds: 200, mixings: 24, edges: 20_000 }
/** More names cannot be read. */
const mostNames = 24

export function topologyFigure(rounds: readonly RoundMixings[], peers: readonly string[]): string {
  if (rounds.length === 0) return element('p', {}, 'Nobody averaged in this run.')
  if (peers.length > most.peers) return element('p', {}, `Not drawn: more than ${most.peers} peers.`)
  const drawn = rounds.slice(0, most.rounds)
  let edges = 0
  const panels = drawn.map((round, i) => {
    const shown = round.mixings.slice(0, most.mixings)
    edges += shown.reduce((sum, mixing) => sum + mixing.edges.length, 0)
    const circles = edges > most.edges ? '' : shown.map((mixing) => circleOf(mixing, round, peers)).join('')
    return pick(round.round, i === 0, element('p', {}, escapeText(wordsOf(round, circles))) + circles)
  })
  const rest = rounds.length > drawn.length ? `Rounds after ${drawn.at(-1)?.round} are left out.` : ''
  return element('div', { class: 'picker' }, ...panels) + element('p', { class: 'note' }, rest)
}

/** A label with its radio button, then what is shown while it is chosen (`style.ts`). */
function pick(round: number, first: boolean, panel: string): string {
  const id = `topology-${round}`
  const checked = first ? { checked: 'checked' } : {}
  return [
    element('input', { type: 'radio', name: 'topology', id, ...checked }),
    element('label', { for: id }, `round ${round}`),
    element('div', { class: 'picked' }, panel),
  ].join('')
}

function wordsOf({ round, sessions, peers, mixings }: RoundMixings, circles: string): string {
  const tried = mixings.flatMap(({ edges }) => edges)
  const carried = tried.filter((edge) => edge.carried).length
  const failed = tried.length - carried
  const left = mixings.length - most.mixings
  return [
    `Round ${round}: ${peers.length} peers in ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`,
    `, ${carried} edges carried, ${failed} failed.`,
    circles === '' ? ' Not drawn: too many edges.' : '',
    circles !== '' && left > 0 ? ` The last ${left} mixing rounds are left out.` : '',
  ].join('')
}

function circleOf({ mixing, edges }: Mixing, round: RoundMixings, peers: readonly string[]): string {
  const [middle, radius] = [size / 2, size / 2 - margin]
  const places = new Map(onCircle(peers.length, middle, radius).map((point, i) => [peers[i] as string, point]))
  const here = new Set(round.peers)
  const failed = edges.filter(({ carried }) => !carried)
  const carried = edges.filter((edge) => edge.carried)
  const lines = [...carried, ...failed].map((edge) => line(edge, places))
  const dots = [...places].map(([name, [cx, cy]]) =>
    element(
      'circle',
      { class: here.has(name) ? 'member' : 'absent', cx, cy, r: peers.length > 64 ? 1.5 : 3.5 },
      element('title', {}, escapeText(here.has(name) ? name : `${name}, in no exchange of this round`)),
    ),
  )
  const names = peers.length > mostNames ? [] : onCircle(peers.length, middle, radius + 12).map(nameAt(peers))
  const text = `${stepOf(mixing)}: ${carried.length} carried${failed.length > 0 ? `, ${failed.length} failed` : ''}`
  const title = element('text', { x: middle, y: size + caption - 8, 'text-anchor': 'middle' }, text)
  const view = { viewBox: `0 0 ${size} ${size + caption}`, role: 'img', 'aria-label': `Round ${round.round}, ${text}` }
  return element('svg', { ...view, class: 'topology' }, ...lines, ...dots, ...names, title)
}

function line({ a, b, carried, reason }: TriedEdge, places: ReadonlyMap<string, Point>): string {
  const [from, to] = [places.get(a), places.get(b)]
  if (from === undefined || to === undefined) return ''
  const end = { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: carried ? 'carried' : 'failed' }
  const text = `${a} - ${b}: ${carried ? 'carried' : `failed, ${reason ?? 'no reason'}`}`
  return element('line', end, element('title', {}, escapeText(text)))
}

/** What all names begin with says nothing. */
const nameAt = (peers: readonly string[]) => {
  const prefix = commonPrefix(peers)
  return ([x, y]: Point, i: number): string => {
    const anchor = Math.abs(x - size / 2) < 10 ? 'middle' : x < size / 2 ? 'end' : 'start'
    return element('text', { x, y: y + 4, 'text-anchor': anchor }, escapeText((peers[i] as string).slice(prefix)))
  }
}

/** Up to the last letter that is not a digit, so that numbers stay whole. */
function commonPrefix(names: readonly string[]): number {
  const [first = '', ...rest] = names
  let length = 0
  while (length < first.length && rest.every((name) => name[length] === first[length])) length += 1
  return rest.length === 0 ? 0 : first.slice(0, length).replace(/\d+$/, '').length
}

function stepOf(mixing: number): string {
  const [pass, step] = [Math.floor(mixing / roundsPerPass), (mixing % roundsPerPass) + 1]
  return pass <= 1 ? `step ${step}` : `mop-up ${pass - 1}, step ${step}`
}
