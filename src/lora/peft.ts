/**
 * Adapters in PEFT's format: a folder with adapter_config.json and adapter_model.safetensors. What is written here,
 * PEFT loads; what PEFT saved for one of our linears, is read.
 */
import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBfloat16 } from '../core/bfloat16.ts'
import { inputError } from '../core/errors.ts'
import { fromFloat16 } from '../core/float16.ts'
import { readWholeText } from '../files/read-whole.ts'
import type { ModelConfig } from '../model/config.ts'
import { readSafetensorsHeader, type TensorEntry, writeSafetensorsHeader } from '../model/safetensors.ts'
import type { Adapter } from './adapter.ts'
import { adapterLayout, type Factor } from './layout.ts'
import { formatPeftConfig, parsePeftConfig } from './peft-config.ts'
import { peftShape, peftTensorName, transpose } from './peft-names.ts'

const configFile = 'adapter_config.json'
const tensorFile = 'adapter_model.safetensors'
const configKind = { area: 'peft', expected: 'a PEFT adapter', maxBytes: 1 << 20 }

/** Reads an adapter for `model`. A tensor that is missing, unknown or of another shape is an error that names it. */
export async function readPeftAdapter(folder: string, model: ModelConfig): Promise<Adapter> {
  const configPath = join(folder, configFile)
  const config = parsePeftConfig(await readWholeText(configPath, configKind), configPath)
  const path = join(folder, tensorFile)
  const entries = new Map((await readSafetensorsHeader(path)).map((entry) => [entry.name, entry]))
  const layout = adapterLayout(config, model)
  const expected = new Set(layout.factors.map(peftTensorName))
  const unknown = [...entries.keys()].find((name) => !expected.has(name))
  if (unknown !== undefined) {
    throw inputError('peft.unknown-tensor', `Cannot read ${path}: expected no tensor ${unknown}, got one`, { path })
  }
  const parameters = new Float32Array(layout.total)
  const file = await open(path, 'r')
  try {
    for (const factor of layout.factors) {
      const entry = checkedEntry(entries.get(peftTensorName(factor)), factor, path)
      const bytes = new Uint8Array(entry.bytes)
      const { bytesRead } = await file.read(bytes, 0, entry.bytes, entry.offset)
      if (bytesRead !== entry.bytes) {
        const message = `Cannot read ${path}: tensor ${entry.name}: expected ${entry.bytes} bytes, got ${bytesRead} (truncated?)`
        throw inputError('peft.truncated', message, { path })
      }
      const [rows, columns] = peftShape(factor)
      parameters.set(transpose(decode(bytes, entry.dtype), rows, columns), factor.offset)
    }
  } finally {
    await file.close()
  }
  return { config, parameters }
}

/** Writes an adapter; `baseModel` is the name or path that PEFT users load the base model by. */
export async function writePeftAdapter(
  folder: string,
  adapter: Adapter,
  model: ModelConfig,
  baseModel: string,
): Promise<void> {
  const { factors, total } = adapterLayout(adapter.config, model)
  if (adapter.parameters.length !== total) {
    throw inputError(
      'peft.length',
      `Cannot write adapter to ${folder}: expected ${total} parameters, got ${adapter.parameters.length}`,
    )
  }
  const tensors = factors.map((factor) => ({ name: peftTensorName(factor), dtype: 'F32', shape: peftShape(factor) }))
  const data = factors.map(({ offset, size, shape }) => {
    const values = transpose(adapter.parameters.subarray(offset, offset + size), shape[0], shape[1])
    return new Uint8Array(values.buffer)
  })
  await mkdir(folder, { recursive: true })
  await replaceFile(join(folder, tensorFile), Buffer.concat([writeSafetensorsHeader(tensors), ...data]))
  await replaceFile(join(folder, configFile), formatPeftConfig(adapter.config, baseModel))
}

function checkedEntry(entry: TensorEntry | undefined, factor: Factor, path: string): TensorEntry {
  const name = peftTensorName(factor)
  const expected = peftShape(factor).join(',')
  const actual = entry?.shape.join(',')
  if (entry === undefined || actual !== expected) {
    const got = actual === undefined ? 'none' : `[${actual}]`
    throw inputError('peft.tensor', `Cannot read tensor ${name} of ${path}: expected shape [${expected}], got ${got}`, {
      path,
    })
  }
  if (entry.dtype in widths) return entry
  const known = Object.keys(widths).join(', ')
  throw inputError('peft.type', `Cannot read tensor ${name} of ${path}: expected ${known}, got ${entry.dtype}`, {
    path,
  })
}

const widths = { F32: 4, F16: 2, BF16: 2 }

/** Little-endian numbers of a checked type. */
function decode(bytes: Uint8Array, dtype: string): Float32Array {
  if (dtype === 'F32') return new Float32Array(bytes.buffer)
  const halves = new Uint16Array(bytes.buffer)
  return dtype === 'F16' ? fromFloat16(halves) : fromBfloat16(halves)
}

/** A kill in the middle leaves the old file or the new one, never half of one. */
async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const partial = `${path}.partial`
  await writeFile(partial, content)
  await rename(partial, path)
}
