/** What keeps two peers out of one federation, in words. */
import { DIFFERS_LENGTH } from './constants.ts'
import type { Terms } from './messages.ts'

/**
 * Compares what the two sides stand for. Empty if they fit; otherwise every difference with both values. A version
 * that differs is reported alone: what else such a peer says cannot be judged.
 */
export function differences(ours: Terms, theirs: Terms): string {
  if (ours.version !== theirs.version) return differs('protocol version', ours.version, theirs.version)
  const found = [
    differs('federation', ours.federation, theirs.federation),
    differs('base model', ours.model, theirs.model),
    differs('adapter layout', ours.layout, theirs.layout),
  ]
  const names = new Set([...Object.keys(ours.capabilities), ...Object.keys(theirs.capabilities)])
  for (const name of [...names].sort()) {
    found.push(differs(name, ours.capabilities[name] ?? 'none', theirs.capabilities[name] ?? 'none'))
  }
  return found
    .filter((text) => text !== '')
    .join('; ')
    .slice(0, DIFFERS_LENGTH)
}

const differs = (what: string, ours: string | number, theirs: string | number): string =>
  ours === theirs ? '' : `${what} differs: expected ${ours}, got ${theirs}`
