/** Where a local socket is: a file that only its owner can reach, or on Windows a pipe with a name nobody guesses. */
import { randomUUID } from 'node:crypto'
import { join, relative } from 'node:path'
import { inputError } from '../core/errors.ts'

/** What macOS has room for, the least of the systems (`sun_path`, unix(4)); Linux has 107. */
const longest = 103

/** `folder` must be open to its owner alone: the right to connect follows from it on every system. */
export function socketAddressIn(folder: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `\\\\.\\pipe\\fedpit-${randomUUID()}` : join(folder, 'socket')
}

/** The address in the form to listen at or to connect to: seen from here where that is shorter. */
export function reachableAddress(address: string, here: string = process.cwd()): string {
  if (address.startsWith('\\\\')) return address
  const near = relative(here, address)
  const path = near.length < address.length ? near : address
  const bytes = Buffer.byteLength(path)
  if (bytes <= longest) return path
  throw inputError(
    'engine.address',
    `Cannot share the engine at ${address}: expected a path of at most ${longest} bytes, got ${bytes}. ` +
      'Keep runs in a folder with a shorter path',
  )
}
