import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLibp2pNetwork } from '../../../../peers/wiring/libp2p/network.ts'
import { peerIdOf } from '../../../../peers/wiring/libp2p/peer-id.ts'
import { optionsOf } from '../../../e2e/networks.ts'

test('peerIdOf() is what the network of a key calls itself', async () => {
  for (const seed of [1, 2]) {
    const options = optionsOf(seed)
    const network = await createLibp2pNetwork(options)
    assert.equal(await peerIdOf(options.privateKey), network.self)
  }
})
