import assert from 'node:assert/strict'
import test from 'node:test'
import type { Ledger } from '../../peers/behaviour/averaging/ledger.ts'
import { codecs } from '../../src/averaging/codecs/by-name.ts'
import { casesOf } from '../fixtures/cases.ts'
import { type Bounds, searchExchange } from './exchange-search.ts'
import { type Broken, durable, type ExchangeSpace, type Side } from './exchange-space.ts'

const spaces: readonly (readonly [what: string, bounds: Bounds])[] = [
  ['two kills, and inputs that come before effects are carried out', { kills: 2, offers: 1, backlog: 2 }],
  [
    'a kill, and another session that either side begins at any time',
    { kills: 1, offers: 1, backlog: 1, sessions: true },
  ],
  [
    'no rounds, updates and offers of either side at any time, a kill, and a peer that goes on after it',
    { kills: 1, offers: 1, backlog: 0, roundless: true },
  ],
  [
    'no rounds, updates, and a state of another that either side takes in the place of its own at any time',
    { kills: 0, offers: 1, backlog: 0, roundless: true, sessions: true },
  ],
  [
    'two kills, also of a peer that starts again, and a journal that is written anew at any time',
    { kills: 2, offers: 1, backlog: 1, compaction: true },
  ],
  ['two attempts, and inputs that come before effects are carried out', { kills: 0, offers: 2, backlog: 1 }],
  ['two attempts and a kill', { kills: 1, offers: 2, backlog: 0 }],
]

for (const [what, bounds] of casesOf(spaces, 4)) {
  test(`every state of one edge with ${what}: the sum is what it was, and healing leaves no doubt`, (t) => {
    const { failure, states } = searchExchange(bounds)
    assert.equal(failure, undefined, failure)
    assert.ok(states > 1000, `${states} states: too little happened`)
    t.diagnostic(`${states} states`)
  })
}

const lossy = codecs.filter(({ exact }) => !exact)
for (const codec of casesOf(lossy, 1)) {
  test(`every state of one edge that speaks ${codec.name}: the sum is what it was, and healing leaves no doubt`, () => {
    const { failure, states } = searchExchange({ codec, kills: 1, offers: 1, backlog: 1, compaction: true })
    assert.equal(failure, undefined, failure)
    assert.ok(states > 1000, `${states} states: too little happened`)
  })
}

const rules: readonly Broken[] = [
  'an xid is unique per start and attempt',
  'an xid is unique per start',
  'an xid is unique per attempt',
  'ABORTED is a promise',
  'the responder never decides alone',
  'PREPARED is durable before COUNTER',
  'COMMITTED is durable before COMMIT',
  'compaction keeps what is in doubt',
]
for (const broken of rules) {
  test(`the search finds a broken sum without the rule "${broken}"`, (t) => {
    const { failure } = searchExchange({ kills: 1, offers: 2, backlog: 1, compaction: true, broken })
    assert.ok(failure, 'every state is sound without the rule: the search cannot see it')
    const [what, ...steps] = failure.split('\n')
    t.diagnostic(`${what} (${steps.length - 1} steps)`)
  })
}

test('from every state, a peer whose partner never comes back forgets what is open, and reports each of it once', () => {
  const { sides, space } = searchExchange({ kills: 1, offers: 1, backlog: 1 })
  let given = 0
  for (const side of sides) {
    let at = settled(space, running(space, side))
    const { prepared, committed } = at.ledger as Ledger
    const repeated = [...committed].flatMap(([xid, { acknowledged }]) => (acknowledged ? [] : [xid]))
    for (const session of ['t', 'u', 'v', 'w']) {
      at = settled(space, space.begin(at, session, (at.ledger as Ledger).value))
      assert.equal(durable(at.ledger as Ledger), durable(space.replayed(at)))
      at = running(space, space.down(at))
    }
    const ledger = at.ledger as Ledger
    assert.deepEqual([ledger.prepared.size, ledger.committed.size, ledger.offers.size], [0, 0, 0])
    assert.deepEqual(at.drifted, [...prepared.keys(), ...repeated])
    given += at.drifted.length
  }
  assert.ok(given > 10, `${given} given up: too little happened`)
})

function running(space: ExchangeSpace, side: Side): Side {
  if (side.ledger !== undefined) return side
  return space.recover(side.counted ? side : space.countStart(side))
}

function settled(space: ExchangeSpace, side: Side): Side {
  return side.queue.length === 0 ? side : settled(space, space.perform(side).side)
}
