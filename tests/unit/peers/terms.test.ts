import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AgreedPlan, termsOf } from '../../../peers/terms.ts'
import { differences } from '../../../protocols/hello/differences.ts'

const staleness = { weight: 'hinge', bound: 8, floor: 0.1 } as const
const names = { timing: 'rounds', factors: 'ffa', outer: 'none', codec: 'fixed', robust: 'none' } as const
const mixing = { ...names, staleness }
const plan: AgreedPlan = { mode: 'isolated', rounds: 3, seed: 'one', mixing }
const differ = (other: Partial<AgreedPlan>, topology = 'ring'): string => {
  const terms = { version: 1, federation: 'f', model: 'm', layout: 'l' }
  const theirs = { ...terms, capabilities: termsOf({ ...plan, ...other }, topology) }
  return differences({ ...terms, capabilities: termsOf(plan, 'ring') }, theirs)
}

test('termsOf() of peers with one plan: nothing differs', () => {
  assert.equal(differ({}), '')
})

test('termsOf() names what differs between two plans', () => {
  for (const [name, value] of [
    ['factors', 'both'],
    ['outer', 'nesterov'],
    ['codec', 'int8'],
    ['robust', 'clip'],
  ] as const) {
    const expected = `mixing.${name} differs: expected ${mixing[name]}, got ${value}`
    assert.equal(differ({ mixing: { ...mixing, [name]: value } }), expected)
  }
  const apart = { ...mixing, timing: 'asynchronous' } as const
  assert.match(
    differ({ mixing: apart }),
    /mixing\.staleness differs: .* got hinge, bound 8, floor 0\.1; mixing\.timing differs: expected rounds, got asynchronous/,
  )
  // Nobody weighs by it where there are rounds.
  assert.equal(differ({ mixing: { ...mixing, staleness: { ...staleness, bound: 2 } } }), '')
  // Who has fewer would be done, and gone, while the others count on it.
  assert.equal(differ({ rounds: 5 }), 'rounds differs: expected 3, got 5')
  assert.equal(differ({}, 'star'), 'topology differs: expected ring, got star')
  // A is drawn from the seed: with another one no mean of factors would mean anything.
  assert.match(differ({ seed: 'two' }), /^seed differs: expected [0-9a-f]{16}, got [0-9a-f]{16}$/)
})
