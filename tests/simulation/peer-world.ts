/** A world for the pure behaviour: links, tasks of scripted length, kills and restarts, all in virtual time. */

import type { Outcome } from '../../peers/behaviour/effects.ts'
import { createPeerState, presenceOf, step } from '../../peers/behaviour/peer.ts'
import { type Input, type PeerState, phaseOf, roundOf, type TicketedEffect } from '../../peers/behaviour/peer-state.ts'
import { Roster } from '../../peers/behaviour/roster.ts'
import type { NetworkEvent } from '../../peers/kernel/ports.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'
import { createRandom, type Random } from '../../src/core/random.ts'

export const deadlines = { join: 30_000, ready: 60_000, average: 20_000, pull: 10_000, round: 120_000, leave: 60_000 }

interface Living {
  state: PeerState
  readonly roster: Roster
  /** Counts restarts: what was meant for an earlier life is lost. */
  readonly life: number
}

export interface Note {
  readonly at: number
  readonly peer: string
  readonly phase: string
  readonly round: number
}

export interface WorldOptions {
  readonly seed: string
  readonly peers: readonly string[]
  readonly rounds: number
  /** Share of gossip that is lost. */
  readonly loss?: number
}

export function createWorld({ seed, peers, rounds, loss = 0 }: WorldOptions) {
  const random: Random = createRandom(seed)
  const queue: { at: number; order: number; run: () => void }[] = []
  const alive = new Map<string, Living>()
  const disk = new Map<string, { completed: number; base: string }>()
  const history: Note[] = []
  const left = new Map<string, string>()
  const warnings: string[] = []
  const watchers: ((note: Note) => void)[] = []
  let now = 0
  let order = 0
  let lives = 0

  const later = (ms: number, run: () => void): void => {
    order += 1
    queue.push({ at: now + ms, order, run })
  }
  const delay = (): number => 1 + random.below(20)
  const tell = (to: string, event: NetworkEvent): void => {
    const living = alive.get(to)
    if (living !== undefined) later(delay(), () => hear(to, living, event))
  }
  const gossip = (from: string, announcement: Announcement): void => {
    for (const to of alive.keys()) {
      if (to !== from && random.next() >= loss) tell(to, { type: 'announced', author: from, announcement })
    }
  }

  const hear = (key: string, living: Living, event: NetworkEvent): void => {
    if (alive.get(key) !== living) return
    living.roster.hear(event, now)
    feed(key, living.life, { type: 'heard' })
  }
  const feed = (key: string, life: number, input: Input): void => {
    const living = alive.get(key)
    if (living === undefined || living.life !== life) return
    const before = presenceOf(living.state)
    const [state, effects] = step(living.state, input, { now, roster: living.roster })
    living.state = state
    settle(key, living, JSON.stringify(before) !== JSON.stringify(presenceOf(state)) || input.type === 'beat', effects)
  }
  const settle = (key: string, living: Living, say: boolean, effects: readonly TicketedEffect[]): void => {
    const { state, life } = living
    const note: Note = { at: now, peer: key, phase: phaseOf(state), round: roundOf(state) }
    const last = history.findLast(({ peer }) => peer === key)
    if (say) gossip(key, presenceOf(state))
    for (const effect of effects) {
      if (effect.type === 'start') startTask(key, life, effect)
      if (effect.type === 'deadline')
        later(effect.ms, () => feed(key, life, { type: 'deadline', ticket: effect.ticket }))
      if (effect.type === 'save') disk.set(key, { completed: effect.completed, base: effect.digest })
      if (effect.type === 'warn') warnings.push(`${key}: ${effect.message}`)
      if (effect.type === 'publish') {
        const { round, digest } = effect
        gossip(key, { type: 'update', round, digest, bytes: 4, examples: 1, metrics: {} })
      }
      if (effect.type === 'leave') {
        left.set(key, effect.reason)
        depart(key)
      }
    }
    if (last?.phase === note.phase && last.round === note.round) return
    history.push(note)
    for (const watcher of watchers) watcher(note)
  }
  const startTask = (key: string, life: number, effect: TicketedEffect & { type: 'start' }) => {
    const { task, ticket } = effect
    const answer = (ms: number, outcome: Outcome): void =>
      later(ms, () => feed(key, life, { type: 'outcome', ticket, outcome }))
    switch (task.kind) {
      case 'work':
        answer(5_000 + random.below(5_000), { type: 'generated' })
        return answer(15_000 + random.below(15_000), { type: 'trained', contributes: true })
      case 'average':
        return answer(1_000 + random.below(1_000), { type: 'averaged', digest: `r${task.round}` })
      case 'pull': {
        const holder = task.checkpoint.holders.some((peer) => alive.has(peer))
        return answer(
          500,
          holder ? { type: 'pulled', checkpoint: task.checkpoint } : { type: 'failed', reason: 'nobody has it' },
        )
      }
      case 'personalise':
        return answer(5_000 + random.below(5_000), { type: 'personalised' })
      case 'evaluate':
        return answer(2_000 + random.below(1_000), { type: 'evaluated' })
    }
  }

  const depart = (key: string): void => {
    alive.delete(key)
    for (const other of alive.keys()) tell(other, { type: 'left', peer: key, reason: 'connection closed' })
  }
  const launch = (key: string): void => {
    const saved = disk.get(key) ?? { completed: 0, base: 'start' }
    const [state, effects] = createPeerState({
      ...saved,
      self: key,
      name: key,
      rounds,
      deadlines,
      examples: 1,
      expected: peers.length - 1,
    })
    lives += 1
    const living: Living = { state, roster: new Roster(10_000), life: lives }
    alive.set(key, living)
    for (const other of alive.keys()) {
      if (other === key) continue
      tell(other, { type: 'joined', peer: key, name: key, addresses: [] })
      tell(key, { type: 'joined', peer: other, name: other, addresses: [] })
    }
    settle(key, living, true, effects)
    const beat = (): void => {
      if (alive.get(key)?.life !== living.life) return
      feed(key, living.life, { type: 'beat' })
      later(3_000, beat)
    }
    later(3_000, beat)
  }

  return {
    history,
    left,
    disk,
    warnings,
    launch,
    /** As kill -9: no word, connections break. */
    kill: depart,
    after: later,
    watch: (watcher: (note: Note) => void) => void watchers.push(watcher),
    /** Until nothing is left to happen or the time has come. */
    run(untilMs: number): void {
      while (queue.length > 0) {
        queue.sort((a, b) => a.at - b.at || a.order - b.order)
        const next = queue.shift()
        if (next === undefined || next.at > untilMs) return
        now = next.at
        next.run()
      }
    },
  }
}
