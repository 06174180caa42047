/**
 * Machines made of Linux network namespaces: each has one interface with an address of its own, and all hang on one
 * switch, which is a bridge in a namespace too. Nothing of it is seen by this machine's own network.
 */
import { spawnSync } from 'node:child_process'
import { localError } from '../../src/core/errors.ts'

export interface Machine {
  /** The namespace: `ip netns exec NAME …` runs a command in it. */
  readonly namespace: string
  readonly address: string
}

/** Why there can be none here; false where there can. */
export function whyNoNamespaces(): string | false {
  if (process.platform !== 'linux') return `expected Linux, got ${process.platform}`
  if (process.getuid?.() !== 0) return `expected to run as root, got user ${process.getuid?.()}`
  if (spawnSync('ip', ['-V']).error !== undefined) return 'expected the command `ip` (package iproute2), got none'
  // Root in a container is often not allowed to: only trying tells.
  const probe = `fedpit-${process.pid}-probe`
  try {
    ip(`netns add ${probe}`)
    ip(`-n ${probe} link add probe0 type veth peer name probe1`)
    ip(`-n ${probe} link add probe2 type bridge`)
    return false
  } catch (error) {
    return `expected to be allowed to, got: ${error instanceof Error ? error.message : error}`
  } finally {
    spawnSync('ip', ['netns', 'delete', probe])
  }
}

/** Makes `count` machines that reach each other at 10.77.0.1, 10.77.0.2, …; `remove` takes all of it away again. */
export function createMachines(count: number): { readonly machines: readonly Machine[]; readonly remove: () => void } {
  const label = `fedpit-${process.pid}`
  const hub = `${label}-switch`
  const machines = Array.from({ length: count }, (_, i) => ({
    namespace: `${label}-${i + 1}`,
    address: `10.77.0.${i + 1}`,
  }))
  // Interfaces end with their namespace, so this is everything; what was not made yet cannot be removed.
  const remove = (): void => {
    for (const namespace of [hub, ...machines.map((machine) => machine.namespace)]) {
      spawnSync('ip', ['netns', 'delete', namespace])
    }
  }
  try {
    ip(`netns add ${hub}`)
    ip(`-n ${hub} link add bridge type bridge`)
    ip(`-n ${hub} link set bridge up`)
    for (const [i, { namespace, address }] of machines.entries()) {
      ip(`netns add ${namespace}`)
      ip(`link add eth0 netns ${namespace} type veth peer name port${i} netns ${hub}`)
      ip(`-n ${hub} link set port${i} master bridge up`)
      ip(`-n ${namespace} address add ${address}/24 dev eth0`)
      ip(`-n ${namespace} link set eth0 up`)
      ip(`-n ${namespace} link set lo up`)
    }
  } catch (error) {
    remove()
    throw error
  }
  return { machines, remove }
}

function ip(args: string): void {
  const { status, stderr } = spawnSync('ip', args.split(' '), { encoding: 'utf8' })
  if (status !== 0) throw localError('experiment.ip', `Cannot run \`ip ${args}\`: ${stderr.trim()}`)
}
