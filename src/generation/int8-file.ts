/**
 * The 8-bit form of a checkpoint's linears, in a file of the cache that is made once: a checkpoint may lie where nobody
 * can write. Matrices that read the same rows lie side by side, so that one product serves them: [q k v], [o],
 * [gate up], [down] of each layer, then the head. Per group all codes come first, then all scales. Where everything lies
 * follows from the configuration alone.
 */
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { localError } from '../core/errors.ts'
import { sweepPartials } from '../files/partial-files.ts'
import { linearShape } from '../lora/layout.ts'
import type { Checkpoint, WeightLocation } from '../model/checkpoint.ts'
import type { ModelConfig } from '../model/config.ts'
import { type DecoderLinear, linearName } from '../model/decoder-weights.ts'
import { int8Block, int8Sizes, quantise } from './int8-codes.ts'
import { readWeight } from './read-weight.ts'

/** Matrices [out, in] whose outputs stand side by side. */
export interface Int8Group {
  /** `3.q+k+v`, `head` */
  readonly name: string
  readonly columns: number
  readonly members: readonly { readonly weight: string; readonly rows: number }[]
  readonly rows: number
  /** First byte of the codes and of the scales in the file. */
  readonly codesAt: number
  readonly scalesAt: number
}

const int8Together: readonly (readonly DecoderLinear[])[] = [['q', 'k', 'v'], ['o'], ['gate', 'up'], ['down']]

export function int8Layout(config: ModelConfig): { readonly groups: readonly Int8Group[]; readonly bytes: number } {
  const groups: Int8Group[] = []
  let at = 0
  const add = (name: string, columns: number, members: Int8Group['members']) => {
    const rows = members.reduce((sum, member) => sum + member.rows, 0)
    const sizes = int8Sizes(rows, columns)
    groups.push({ name, columns, members, rows, codesAt: at, scalesAt: at + sizes.codes })
    at += sizes.codes + 4 * sizes.scales
  }
  for (let layer = 0; layer < config.layers; layer++) {
    for (const linears of int8Together) {
      const members = linears.map((linear) => ({
        weight: `${linearName(layer, linear)}.weight`,
        rows: linearShape(linear, config)[1],
      }))
      add(`${layer}.${linears.join('+')}`, linearShape(linears[0] as DecoderLinear, config)[0], members)
    }
  }
  const head = config.tiedHead ? 'model.embed_tokens.weight' : 'lm_head.weight'
  add('head', config.hiddenSize, [{ weight: head, rows: config.vocabSize }])
  return { groups, bytes: at }
}

/** Path of the file; makes it where it is not there. */
export async function ensureInt8File(checkpoint: Checkpoint, cacheFolder: string): Promise<string> {
  const { groups, bytes } = int8Layout(checkpoint.config)
  const folder = join(cacheFolder, 'int8')
  const path = join(folder, `b${int8Block}-${checkpoint.fingerprint}.bin`)
  if ((await stat(path).catch(() => undefined))?.size === bytes) return path
  // Under a name of its own until it is whole: writers that start together both succeed, and a kill leaves no such file.
  const partial = `${path}.${randomUUID()}.partial`
  try {
    await mkdir(folder, { recursive: true })
    await sweepPartials(folder)
    await write(partial, checkpoint, groups)
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => {})
    throw localError(
      'generation.int8-file',
      `Cannot write ${path}: expected a writable folder with ${bytes} bytes free, got "${cause instanceof Error ? cause.message : cause}"`,
      { path, bytes },
      cause,
    )
  }
  return path
}

/** A write may take less than it is given, and say so. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
  }
}

/** Reads and writes one matrix at a time. */
async function write(path: string, checkpoint: Checkpoint, groups: readonly Int8Group[]): Promise<void> {
  await using file = await open(path, 'w')
  for (const { members, columns, codesAt, scalesAt } of groups) {
    let [codesTo, scalesTo] = [codesAt, scalesAt]
    for (const { weight } of members) {
      const location = checkpoint.weights.get(weight) as WeightLocation
      const { codes, scales } = quantise(await readWeight(checkpoint.folder, location), columns)
      await writeWhole(file, codes, codesTo)
      await writeWhole(file, new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength), scalesTo)
      codesTo += codes.length
      scalesTo += scales.byteLength
    }
  }
  await file.sync()
}
