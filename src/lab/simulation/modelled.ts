/** What is a model in a simulation and the product's code elsewhere, in words for its report. */
import { measuredGossip, mostPeersMeasured } from '../../../peers/wiring/memory-gossip.ts'
import type { SimulationScenario } from './scenario.ts'

export function modelledIn(scenario: SimulationScenario): string[] {
  return [
    scenario.learning === 'engine'
      ? 'The time that learning takes: it is drawn. What is learnt is the model’s, with FedPIT’s round.'
      : 'Learning: a quadratic objective for each peer in place of the model and FedPIT’s round; its time is drawn.',
    'Links, clocks and disks, with the faults of the scenario.',
    'Joining: peers that can reach each other are connected at once; the hello is not spoken.',
    'Bytes: messages as the product encodes them, without frames, signatures and gossip’s repeats.',
    gossipIn(scenario),
  ]
}

function gossipIn({ gossipMs, peers }: SimulationScenario): string {
  const how = 'Announcements: a log that each peer reads with its share of a delay, in eighths, and without loss.'
  if (gossipMs !== undefined) return `${how} All have heard after ${gossipMs} ms, as the scenario says.`
  const beyond = peers.length > mostPeersMeasured ? ` Beyond ${mostPeersMeasured} peers nobody has measured it.` : ''
  const spread = measuredGossip.spreadMs(peers.length).toFixed(0)
  const measured = `as gossipsub took with 20 to ${mostPeersMeasured} peers in one process`
  return `${how} All of these peers have heard after ${spread} ms, ${measured}.${beyond}`
}
