/** Fails unless every package in the lockfile has an integrity hash and none names a registry. */
import { readFileSync } from 'node:fs'

interface Entry {
  integrity?: string
  resolved?: string
  link?: boolean
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> }
const packages = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.link !== true)
const unhashed = packages.filter(([, entry]) => entry.integrity === undefined).map(([path]) => path)
const addressed = packages.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)
if (unhashed.length > 0) console.error(`Packages without an integrity hash: ${unhashed.join(', ')}`)
if (addressed.length > 0) console.error(`Packages that name a registry address: ${addressed.join(', ')}`)
process.exitCode = unhashed.length + addressed.length > 0 ? 1 : 0
