import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fourOfOneTrade, oneOfEachTrade, type Peer } from '../../../../scripts/evaluate/peers.ts'
import type { Example } from '../../../../src/data/example.ts'
import { families } from '../../../../src/nano/corpus/families.ts'

const heldOut = families.filter(({ split }) => split === 'heldOut')
const share = { examples: 32, heldOut: 48 }
const tradeOf = (example: Example) => heldOut.find((family) => family.accepts(example))?.trade
const tradesOf = ({ examples, heldOut: judged, canary }: Peer) => [
  ...new Set([...examples, ...judged].filter((example) => example !== canary.example).map(tradeOf)),
]

test('fourOfOneTrade(): nobody has an example of another, or one to be judged by', () => {
  const peers = fourOfOneTrade(heldOut, 'clinic', share, 'a')
  assert.equal(peers.length, 4)
  assert.deepEqual(peers.map(tradesOf), [['clinic'], ['clinic'], ['clinic'], ['clinic']])
  const all = peers.flatMap(({ examples, heldOut: judged }) => [...examples, ...judged])
  assert.equal(all.length, 4 * (33 + 48))
  assert.equal(new Set(all.map((example) => JSON.stringify(example))).size, all.length)
})

test('oneOfEachTrade(): each trade is one peer, and judged by other examples than it holds', () => {
  const peers = oneOfEachTrade(heldOut, share, 'a')
  assert.deepEqual(peers.map(tradesOf), [['clinic'], ['bank'], ['law office'], ['school']])
  for (const { examples, heldOut: judged, canary } of peers) {
    assert.deepEqual([examples.length, judged.length, examples.at(-1)], [33, 48, canary.example])
    const held = new Set(examples.map((example) => JSON.stringify(example)))
    assert.ok(judged.every((example) => !held.has(JSON.stringify(example))))
  }
})
