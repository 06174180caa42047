/**
 * How long announcements take to reach everybody. Gossip costs a message for every pair of peers, so simulations do not
 * carry it out hop by hop: an announcement reaches each peer after that peer's own share of the time that real
 * gossipsub took, and is not lost on the way (gossipsub asks again for what it missed).
 */
export interface GossipModel {
  /** Milliseconds until the last of so many peers has heard an announcement. */
  spreadMs(peers: number): number
}

/**
 * Milliseconds until 500 bytes had reached all of so many peers over @libp2p/gossipsub 17.1 with some four links a peer,
 * the longer of the times seen: over TCP up to 100 peers, in memory for 200. All peers shared one process and one
 * thread, so the times are long rather than short.
 */
const measured = [
  [1, 0],
  [20, 46],
  [50, 117],
  [100, 155],
  [200, 475],
] as const

/** Most peers that the times were measured with; beyond it the last slope goes on, and nobody has measured it. */
export const mostPeersMeasured = 200

export const measuredGossip: GossipModel = {
  spreadMs(peers) {
    const above = Math.max(
      1,
      measured.findIndex(([count]) => count >= peers),
    )
    const [last, before] = peers > mostPeersMeasured ? [measured.length - 1, measured.length - 2] : [above, above - 1]
    const [n0, ms0] = measured[before] as readonly [number, number]
    const [n1, ms1] = measured[last] as readonly [number, number]
    return ms0 + ((peers - n0) / (n1 - n0)) * (ms1 - ms0)
  },
}
