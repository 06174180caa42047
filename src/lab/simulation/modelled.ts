/** What is a model in a simulation and the product's code elsewhere, in words for its report. */
import { mostPeersMeasured } from '../../../peers/wiring/memory-gossip.ts'
import type { SimulationScenario } from './scenario.ts'

export function modelledIn(scenario: SimulationScenario): string[] {
  return [
    'Learning: a quadratic objective for each peer in place of the model and FedPIT’s round; its time is drawn.',
    'Links, clocks and disks, with the faults of the scenario.',
    'Joining: peers that can reach each other are connected at once; the hello is not spoken.',
    'Bytes: messages as the product encodes them, without frames, signatures and gossip’s repeats.',
    gossipIn(scenario),
  ]
}

function gossipIn({ gossipMs, peers }: SimulationScenario): string {
  if (gossipMs !== undefined) return `Announcements: to everybody within ${gossipMs} ms, as the scenario says.`
  const beyond = peers.length > mostPeersMeasured ? ` Beyond ${mostPeersMeasured} peers nobody has measured it.` : ''
  return `Announcements: each peer hears them after its share of the time that gossipsub took to reach everybody, measured with 20 to ${mostPeersMeasured} peers.${beyond}`
}
