/** A Hugging Face directory -> configuration and where each weight lies. */
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { inputError } from '../core/errors.ts'
import { readWholeText } from '../files/read-whole.ts'
import type { ModelFiles, WeightLocation, WeightType } from './checkpoint.ts'
import { parseHfConfig } from './hf-config.ts'
import { readSafetensorsHeader } from './safetensors.ts'
import { expectedWeights } from './weight-names.ts'

const types: Readonly<Record<string, WeightType>> = { F32: 'f32', F16: 'f16', BF16: 'bf16' }

export async function openHfDirectory(folder: string): Promise<ModelFiles> {
  const path = join(folder, 'config.json')
  const config = parseHfConfig(await readJson(path), path)
  const found = new Map<string, WeightLocation & { dtype: string }>()
  const files = await weightFiles(folder)
  for (const file of files.names) {
    for (const { name, dtype, shape, offset, bytes } of await readSafetensorsHeader(join(files.folder, file))) {
      found.set(name, { type: types[dtype] ?? 'f32', dtype, shape, file, offset, bytes })
    }
  }
  const weights = new Map<string, WeightLocation>()
  for (const [name, shape] of expectedWeights(config)) {
    const entry = found.get(name)
    if (entry === undefined) {
      throw inputError(
        'checkpoint.missing-tensor',
        `Cannot open ${folder}: tensor ${name}: expected shape [${shape}], got no such tensor`,
        { folder, name },
      )
    }
    const { dtype, ...location } = entry
    if (types[dtype] === undefined) {
      throw inputError(
        'checkpoint.type',
        `Cannot open ${join(files.folder, entry.file)}: tensor ${name}: expected F32, F16 or BF16, got ${dtype}`,
        { folder, name },
      )
    }
    if (entry.shape.join() !== shape.join()) {
      throw inputError(
        'checkpoint.shape',
        `Cannot open ${join(files.folder, entry.file)}: tensor ${name}: expected shape [${shape}], got [${entry.shape}]`,
        { folder, name },
      )
    }
    weights.set(name, location)
  }
  return { folder: files.folder, config, weights }
}

/**
 * Where the weight files really are. In the Hub's cache a model's folder holds links into a folder of blobs, and ONNX
 * Runtime refuses weights behind a link that leaves the folder it is given.
 */
async function weightFiles(folder: string): Promise<{ folder: string; names: string[] }> {
  const paths = await Promise.all((await weightFileNames(folder)).map((name) => realpath(join(folder, name))))
  const folders = [...new Set(paths.map((path) => dirname(path)))]
  const [only] = folders
  if (only === undefined || folders.length > 1) {
    throw inputError(
      'checkpoint.scattered',
      `Cannot open ${folder}: expected all weight files in one folder, got links into ${folders.join(', ')}`,
      { folder },
    )
  }
  return { folder: only, names: paths.map((path) => basename(path)) }
}

/** One file, or the shards that the index names. */
async function weightFileNames(folder: string): Promise<string[]> {
  if (await exists(join(folder, 'model.safetensors'))) return ['model.safetensors']
  const path = join(folder, 'model.safetensors.index.json')
  if (!(await exists(path))) {
    throw inputError(
      'checkpoint.no-weights',
      `Cannot open ${folder}: expected model.safetensors or model.safetensors.index.json, got neither`,
      { folder },
    )
  }
  const map = ((await readJson(path)) as { weight_map?: unknown } | null)?.weight_map
  const files = typeof map === 'object' && map !== null ? [...new Set(Object.values(map))] : []
  const named = files.filter((file): file is string => typeof file === 'string' && basename(file) === file)
  if (files.length === 0 || named.length !== files.length) {
    throw inputError(
      'checkpoint.index',
      `Cannot open ${path}: expected weight_map to name files of this folder, got ${JSON.stringify(map)?.slice(0, 80)}`,
      { path },
    )
  }
  for (const file of named) {
    if (!(await exists(join(folder, file)))) {
      throw inputError(
        'checkpoint.missing-shard',
        `Cannot open ${folder}: expected ${file}, which ${basename(path)} names, got no such file`,
        { folder, file },
      )
    }
  }
  return named.sort()
}

/** The largest is tokenizer.json: some tens of megabytes. */
const jsonFile = { area: 'file', expected: 'a file', maxBytes: 256 << 20 }

export async function readJson(path: string): Promise<unknown> {
  const text = await readWholeText(path, jsonFile)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw inputError('file.not-json', `Cannot read ${path}: expected JSON, got ${(error as Error).message}`, { path })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
