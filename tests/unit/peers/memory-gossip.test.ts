import assert from 'node:assert/strict'
import test from 'node:test'
import { measuredGossip } from '../../../peers/wiring/memory-gossip.ts'

test('measuredGossip gives what was measured, straight lines between, and the last slope beyond', () => {
  const spread = [1, 20, 35, 50, 100, 150, 200, 300].map((peers) => measuredGossip.spreadMs(peers))
  assert.deepEqual(spread, [0, 46, 81.5, 117, 155, 315, 475, 795])
})
