/** A network in a process of its own, for tests that kill it: `node network-child.ts SEED ADDRESS`. */
import { createLibp2pNetwork } from '../../peers/wiring/libp2p/network.ts'
import { optionsOf } from './networks.ts'

const [seed, address] = process.argv.slice(2)
const network = await createLibp2pNetwork(
  optionsOf(Number(seed), { bootstrap: address === undefined ? [] : [address] }),
)
await network.start()
