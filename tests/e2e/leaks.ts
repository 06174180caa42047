/** What must never leave a peer, in the forms in which it could, and the search for it in what did leave. */
import { mixingGrid, resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import type { Example } from '../../src/data/example.ts'
import type { Adapter } from '../../src/lora/adapter.ts'
import type { AdapterLayout } from '../../src/lora/layout.ts'

/** Bytes that stand for a secret by themselves: so many of them meet by chance once in 10^38 places. */
const windowBytes = 16

/** Pieces of secrets, as Latin-1 strings of their bytes, with the name of the secret. */
export type Secrets = Map<string, string>

/** Whole texts, as UTF-8 and as JSON writes them. Shorter ones than a window would be found by chance. */
export function secretTexts(secrets: Secrets, what: string, examples: readonly Example[]): void {
  for (const { instruction, response, input = '' } of examples) {
    for (const text of [instruction, input, response].filter((part) => part.length >= windowBytes)) {
      for (const form of [text, JSON.stringify(text).slice(1, -1)]) secrets.set(latin(Buffer.from(form)), what)
    }
  }
}

/**
 * Every four neighbouring parameters of every tensor: as float32, in either order of a matrix, and as integers on the
 * grids on which parameters travel; the first parameter of each tensor also in decimals, as a log would have it.
 */
export function secretTensors(secrets: Secrets, what: string, adapter: Adapter, layout: AdapterLayout): void {
  for (const { name, offset, size, shape } of layout.factors) {
    const rows = adapter.parameters.slice(offset, offset + size)
    for (const values of [rows, transposed(rows, shape)]) {
      for (const form of [values, toGrid(values, resultGrid), toGrid(values, mixingGrid)]) {
        const bytes = Buffer.from(form.buffer)
        for (let at = 0; at + windowBytes <= bytes.length; at += 4) {
          const piece = bytes.subarray(at, at + windowBytes)
          // Zeros and other plain repetitions tell nothing and are everywhere.
          if (new Set(piece).size > 4) secrets.set(latin(piece), `${what} ${name}`)
        }
      }
    }
    secrets.set(String(rows[0]), `${what} ${name} in decimals`)
  }
}

/** Removes what another adapter, which may be shared, has too. */
export function forgive(secrets: Secrets, shared: Secrets): void {
  for (const piece of shared.keys()) secrets.delete(piece)
}

/** Names of the secrets that stand in `bytes`, sorted. */
export function search(secrets: Secrets, bytes: Uint8Array): string[] {
  const text = latin(bytes)
  const found = new Set<string>()
  for (let at = 0; at + windowBytes <= text.length; at++) {
    const what = secrets.get(text.slice(at, at + windowBytes))
    if (what !== undefined) found.add(what)
  }
  for (const [piece, what] of secrets) {
    if (piece.length !== windowBytes && !found.has(what) && text.includes(piece)) found.add(what)
  }
  return [...found].sort()
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

function transposed(values: Float32Array, [rows, columns]: readonly [number, number]): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number)
}
