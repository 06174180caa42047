/**
 * `npm run check:run`: the main job once, small: real peers, real sockets, the real model. Fails unless all peers end
 * with one digest and each one's held-out loss with its local adapter is below the untuned model's.
 */
import { spawnSync } from 'node:child_process'

interface Peer {
  readonly name: string
  readonly digest: string
  readonly heldOut: Record<'base' | 'global' | 'local', { readonly loss: number }>
  readonly examples: { readonly kept: number }
}

const scenario = process.argv[2] ?? 'src/lab/scenarios/pair.yaml'
const { status, stdout } = spawnSync(process.execPath, ['src/cli/fedpit.js', '--format', 'json', 'swarm', scenario], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 1 << 26,
})
if (status !== 0) throw new Error(`Cannot finish ${scenario}: expected exit code 0, got ${status}`)
const { peers } = JSON.parse(stdout) as { peers: Peer[] }
const failures = [
  ...(new Set(peers.map(({ digest }) => digest)).size === 1 ? [] : ['the digests differ']),
  ...peers
    .filter(({ heldOut }) => !(heldOut.local.loss < heldOut.base.loss))
    .map(({ name }) => `${name}: local is no better`),
  ...peers.filter(({ examples }) => examples.kept === 0).map(({ name }) => `${name}: nothing was generated`),
]
for (const { name, heldOut } of peers) {
  const figures = Object.entries(heldOut).map(([adapter, { loss }]) => `${adapter} ${loss.toFixed(3)}`)
  console.log(`${name}: held-out loss ${figures.join(', ')}`)
}
if (failures.length > 0) throw new Error(`The run went wrong: ${failures.join('; ')}`)
console.log(`${peers.length} peers ended with the digest ${peers[0]?.digest}`)
