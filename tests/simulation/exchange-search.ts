/**
 * Walks the whole space of one edge breadth first: from every state every way on, within the bounds. The network is the
 * set of all messages ever sent, each of which may arrive at any time, again, or never: that is every loss, every
 * duplicate, every order and every delay at once.
 */
import type { Ledger } from '../../peers/behaviour/averaging/ledger.ts'
import type { Codec } from '../../src/averaging/codecs/codec.ts'
import {
  type Broken,
  createExchangeSpace,
  durable,
  type ExchangeSpace,
  type Flight,
  type Side,
  update,
} from './exchange-space.ts'

export interface Bounds {
  readonly broken?: Broken
  readonly codec?: Codec
  /** Kills, of either side. */
  readonly kills: number
  /** Attempts at the edge. */
  readonly offers: number
  /** A peer takes an input while it has at most so many effects to carry out. */
  readonly backlog: number
  /** May a peer write its journal anew at any time? */
  readonly compaction?: boolean
  /** May the peers begin another session, each on its own? */
  readonly sessions?: boolean
  /**
   * Without rounds: attempts are made by either side, each side makes an update at any time, goes on after a kill, and,
   * with `sessions`, begins the same session again.
   */
  readonly roundless?: boolean
}

export interface Findings {
  readonly states: number
  readonly space: ExchangeSpace
  readonly sides: readonly Side[]
  /** What is wrong, and the shortest way to it, one step a line. Undefined: nothing is. */
  readonly failure?: string
}

interface World {
  readonly a: Side
  readonly b: Side
  readonly sent: readonly Flight[]
  readonly kills: number
  readonly offers: number
  readonly parent?: World
  readonly step: string
}

/** Numbers of which every lossy codec loses something. */
const start = { a: [10_001, -7_003, 5], b: [21_002, 8_005, 9] }
const total = start.a.map((value, c) => value + (start.b[c] as number))

export function searchExchange(bounds: Bounds): Findings {
  const space = createExchangeSpace(bounds.broken, bounds.codec, bounds.roundless)
  const first = {
    a: space.create('a', start.a),
    b: space.create('b', start.b),
    sent: [],
    kills: 0,
    offers: 0,
    step: 'start',
  }
  const worlds: World[] = [first]
  const seen = new Set<string>([keyOf(first)])
  const sides = new Map<number, Side>()
  const judged = new Map<string, string | undefined>()
  const judgedSides = new Map<number, string | undefined>()
  for (let at = 0; at < worlds.length; at++) {
    const world = worlds[at] as World
    const { a, b } = world
    const pair = `${a.id} ${b.id}`
    for (const side of bounds.broken === undefined ? [a, b] : []) {
      if (!judgedSides.has(side.id)) judgedSides.set(side.id, wrongIn(space, side))
    }
    if (!judged.has(pair)) judged.set(pair, wrongWith(space, a, b))
    const wrong = judgedSides.get(a.id) ?? judgedSides.get(b.id) ?? judged.get(pair)
    if (wrong !== undefined) {
      return { states: worlds.length, space, sides: [...sides.values()], failure: `${wrong}\n${pathTo(world)}` }
    }
    sides.set(a.id, a).set(b.id, b)
    for (const next of waysOn(space, world, bounds)) {
      const key = keyOf(next)
      if (seen.has(key)) continue
      seen.add(key)
      worlds.push(next)
    }
  }
  return { states: worlds.length, space, sides: [...sides.values()] }
}

const keyOf = ({ a, b, sent, kills, offers }: World): string =>
  `${a.id} ${b.id} ${kills} ${offers} ${sent.map(({ id }) => id).join()}`

function* waysOn(space: ExchangeSpace, world: World, bounds: Bounds): Generator<World> {
  for (const who of ['a', 'b'] as const) {
    const side = world[who]
    const to = (next: Side, step: string, more: Partial<World> = {}): World => ({
      ...world,
      [who]: next,
      ...more,
      parent: world,
      step: `${who} ${step}`,
    })
    if ((side.ledger !== undefined || side.counted) && world.kills < bounds.kills) {
      yield to(space.down(side), `is killed with ${side.queue.length} effects to go`, { kills: world.kills + 1 })
    }
    if (side.ledger === undefined) {
      yield side.counted ? to(space.recover(side), 'reads its journal') : to(space.countStart(side), 'counts its start')
      continue
    }
    if (side.queue.length > 0) {
      const { side: next, said } = space.perform(side)
      const [effect] = side.queue
      const what =
        effect?.type === 'append'
          ? `writes ${effect.record.type}`
          : effect?.type === 'send'
            ? `says ${said?.text}`
            : `${effect?.type}s`
      yield to(next, what, said === undefined ? {} : { sent: withFlight(world.sent, said) })
    }
    if (side.queue.length > bounds.backlog) continue
    for (const flight of world.sent) {
      if (flight.to === who) yield to(space.deliver(side, flight), `hears ${flight.text}`)
    }
    yield to(space.feed(side, 'remind', { type: 'remind' }), 'reminds')
    if (bounds.compaction) yield to(space.feed(side, 'compact', { type: 'compact' }), 'compacts')
    if (bounds.sessions && side.ledger.begun.length === 1) {
      const name = bounds.roundless === true ? 's' : 't'
      yield to(space.begin(side, name, side.ledger.value), `begins session ${name}`)
    }
    if (bounds.roundless === true && updatesOf(side) === 0) {
      yield to(space.feed(side, 'update', { type: 'update', delta: update }), 'adds an update')
    }
    for (const xid of side.ledger.offers.keys()) {
      yield to(space.feed(side, `expire ${xid}`, { type: 'expire', xid }), `gives up waiting for ${xid}`)
    }
    if ((who === 'a' || bounds.roundless === true) && side.ledger.offers.size === 0 && world.offers < bounds.offers) {
      const other = who === 'a' ? 'b' : 'a'
      yield to(space.feed(side, 'offer', { type: 'offer', to: other }), 'tries the edge', { offers: world.offers + 1 })
    }
    if (bounds.broken === 'the responder never decides alone') {
      for (const [xid, { from }] of side.ledger.prepared) {
        const message = { type: 'verdict', xid, outcome: 'aborted' } as const
        yield to(space.feed(side, `decide ${xid}`, { type: 'message', from, message }), `decides about ${xid} alone`)
      }
    }
  }
}

function withFlight(sent: readonly Flight[], flight: Flight): readonly Flight[] {
  return sent.includes(flight) ? sent : [...sent, flight].sort((x, y) => x.id - y.id)
}

function pathTo(world: World): string {
  const steps: string[] = []
  for (let at: World | undefined = world; at !== undefined; at = at.parent) steps.unshift(at.step)
  return steps.join('\n')
}

function wrongIn(space: ExchangeSpace, side: Side): string | undefined {
  if (side.ledger === undefined) return undefined
  const [memory, journal] = [durable(side.ledger), durable(space.replayed(side))]
  return memory === journal ? undefined : `${side.self}: memory and journal differ\n${memory}\n${journal}`
}

/** Judges two peers as they are, and as they would be if from now on nothing failed. */
function wrongWith(space: ExchangeSpace, a: Side, b: Side): string | undefined {
  const now = sumOf(space, a, b)
  if (now !== undefined) return `As they are: ${now}`
  const [c, d] = heal(space, a, b)
  const after = sumOf(space, c, d)
  if (after !== undefined) return `Healed: ${after}`
  for (const { self, ledger } of [c, d]) {
    const { prepared, offers, committed } = ledger as Ledger
    if (prepared.size > 0) return `Healed: ${self} is still in doubt about ${[...prepared.keys()]}`
    if (offers.size > 0) return `Healed: ${self} still waits for ${[...offers.keys()]}`
    const open = [...committed].filter(([, { acknowledged }]) => !acknowledged)
    if (open.length > 0) return `Healed: ${self} still repeats ${open.map(([xid]) => xid)}`
  }
  return undefined
}

/** Updates that a side has made, as far as its memory, or else its disk, knows of them. */
function updatesOf({ updates, queue }: Side): number {
  return updates + queue.filter((effect) => effect.type === 'append' && effect.record.type === 'updated').length
}

/** Values, and what is committed and not yet applied: undefined where they come to what there was, and all updates. */
function sumOf(space: ExchangeSpace, a: Side, b: Side): string | undefined {
  const [mine, theirs] = [a, b].map((side) => side.ledger ?? space.replayed(side)) as [Ledger, Ledger]
  const updates = updatesOf(a) + updatesOf(b)
  const due = total.map((value, c) => value + updates * (update[c] as number))
  const sum = total.map((_, c) => (mine.value[c] as number) + (theirs.value[c] as number))
  for (const [committer, partner, ledger] of [
    [mine, b, theirs],
    [theirs, a, mine],
  ] as const) {
    const pending = partner.queue.flatMap((effect) =>
      effect.type === 'append' && effect.record.type === 'applied' ? [effect.record.xid] : [],
    )
    const applied = [...partner.applied, ...pending]
    const reported = [
      ...partner.drifted,
      ...partner.queue.flatMap((effect) => (effect.type === 'drift' ? [effect.xid] : [])),
    ]
    for (const [xid, { deltaDigest }] of committer.committed) {
      if (applied.includes(xid)) continue
      const owed =
        ledger.prepared.get(xid)?.delta ?? (reported.includes(xid) ? deltaDigest.split(',').map(Number) : undefined)
      if (owed === undefined) return `${xid} is committed, and ${partner.self} owes nothing for it`
      for (const c of sum.keys()) sum[c] = (sum[c] as number) - (owed[c] as number)
    }
  }
  return sum.every((value, c) => value === due[c]) ? undefined : `the sum is ${sum} and should be ${due}`
}

/** All that was on its way is lost; both come up, their deadlines pass, and every reminder arrives. */
function heal(space: ExchangeSpace, a: Side, b: Side): [Side, Side] {
  const at = { a, b }
  const inbox: Flight[] = []
  const busy = (): boolean => inbox.length > 0 || at.a.queue.length > 0 || at.b.queue.length > 0
  for (const who of ['a', 'b'] as const) {
    if (at[who].ledger === undefined && !at[who].counted) at[who] = space.countStart(at[who])
    if (at[who].ledger === undefined) at[who] = space.recover(at[who])
    for (const xid of (at[who].ledger as Ledger).offers.keys()) {
      at[who] = space.feed(at[who], `expire ${xid}`, { type: 'expire', xid })
    }
  }
  for (let turn = 0; turn < 3; turn++) {
    for (const who of ['a', 'b'] as const) at[who] = space.feed(at[who], 'remind', { type: 'remind' })
    while (busy()) {
      for (const who of ['a', 'b'] as const) {
        if (at[who].queue.length === 0) continue
        const { side, said } = space.perform(at[who])
        at[who] = side
        if (said !== undefined) inbox.push(said)
      }
      const flight = inbox.shift()
      if (flight !== undefined) at[flight.to as 'a' | 'b'] = space.deliver(at[flight.to as 'a' | 'b'], flight)
    }
  }
  return [at.a, at.b]
}
