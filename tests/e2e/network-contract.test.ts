import { createLibp2pNetwork } from '../../peers/wiring/libp2p/network.ts'
import { networkContract } from '../contract/network.ts'
import { givenPort, hello, optionsOf } from './networks.ts'

// Ports are given, because a network's own are known only once it has started.
networkContract('libp2p', 'bytes', (names) =>
  Promise.all(
    names.map(async (name, i) => {
      const first = await createLibp2pNetwork(optionsOf(101))
      return createLibp2pNetwork(
        optionsOf(101 + i, {
          listen: [`/ip4/127.0.0.1/tcp/${i === 0 ? givenPort : 0}`],
          bootstrap: [`/ip4/127.0.0.1/tcp/${givenPort}/p2p/${first.self}`],
          hello: { ...hello, name },
        }),
      )
    }),
  ),
)
