import { createMemoryNetworks } from '../../peers/wiring/memory-network.ts'
import { realClock } from '../../peers/wiring/real-clock.ts'
import { createRandom } from '../../src/core/random.ts'
import { networkContract } from './network.ts'

networkContract('in memory', 'objects', async (names) => {
  const networks = createMemoryNetworks(realClock, createRandom('contract'))
  return names.map((name) => networks.create(`id-of-${name}`, name))
})
