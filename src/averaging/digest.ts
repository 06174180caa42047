/** sha256 as 64 hex digits: the name of bytes, and of integers by their bytes (little-endian, as every platform's). */
import { hash } from 'node:crypto'

export function sha256(data: Uint8Array | Int32Array | string): string {
  return hash('sha256', data, 'hex')
}
