/** Events of two peers' run, written by hand so that every figure of its outcome is known. */
import type { PeerEvent, PeerEventBody } from '../../../peers/events.ts'

export function eventsOf(name: string, digest: string, from = 0): PeerEvent[] {
  const bodies: [number, PeerEventBody][] = [
    [0, { type: 'loaded', examples: 12, heldOut: 3 }],
    [0, { type: 'listening', addresses: ['/ip4/127.0.0.1/tcp/4001/p2p/A'] }],
    [0, { type: 'phase', phase: 'joining', round: 1 }],
    [1000, { type: 'phase', phase: 'generating', round: 1 }],
    [3000, { type: 'generated', round: 1, candidates: 10, kept: 4, rejected: { similar: 5, format: 1 } }],
    [3000, { type: 'phase', phase: 'training', round: 1 }],
    [4000, { type: 'step', round: 1, adapter: 'global', step: 1, steps: 1, loss: 2.5 }],
    [5000, { type: 'phase', phase: 'averaging', round: 1 }],
    [6500, { type: 'averaged', round: 1, session: 's', peers: 2, digest, snapUnits: 1 }],
    [6500, { type: 'phase', phase: 'evaluating', round: 1 }],
    [7000, { type: 'evaluated', round: 1, adapter: 'base', loss: 3, rougeL: 0.1 }],
    [7000, { type: 'evaluated', round: 1, adapter: 'global', loss: 2.5, rougeL: 0.2 }],
    [7000, { type: 'evaluated', round: 1, adapter: 'local', loss: 2, rougeL: 0.3 }],
    [7500, { type: 'traffic', sent: 1000, received: 2000 }],
    [7500, { type: 'phase', phase: 'idle', round: 2 }],
    [8000, { type: 'phase', phase: 'leaving', round: 2 }],
    [8000, { type: 'stopped', reason: 'done' }],
  ]
  return bodies.map(([at, body]) => ({ at: from + at, peer: `key-${name}`, name, ...body }))
}
