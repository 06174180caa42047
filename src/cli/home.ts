/** Where the program keeps models, adapters and caches: FEDPIT_HOME, or `fedpit` in the user's cache folder. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { inputError } from '../core/errors.ts'
import { builtIn } from './models/built-in.ts'
import { catalogue } from './models/catalogue.ts'

export interface Home {
  /** One folder for each model. */
  readonly models: string
  /** One folder in PEFT's format for each adapter that was imported. */
  readonly adapters: string
  /** May be deleted at any time: it is made again. */
  readonly cache: string
}

export function findHome(env: Readonly<Record<string, string | undefined>>): Home {
  const root = env['FEDPIT_HOME'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fedpit')
  return { models: join(root, 'models'), adapters: join(root, 'adapters'), cache: join(root, 'cache') }
}

/** Names of the models that are there, besides the built-in one. */
export function listModels(home: Home): string[] {
  return existsSync(home.models) ? readdirSync(home.models).filter((name) => modelFile(join(home.models, name))) : []
}

/** A path to a Hugging Face directory or GGUF file, the name of the built-in model or that of one in the home. */
export function findModel(nameOrPath: string, home: Home): string {
  const named = nameOrPath === builtIn.name ? builtIn.path : join(home.models, nameOrPath)
  for (const path of [resolve(nameOrPath), named]) {
    const found = modelFile(path)
    if (found !== undefined) return found
  }
  const known = listModels(home).join(', ') || 'none'
  const pull = catalogue.some(({ name }) => name === nameOrPath)
    ? `. "fedpit models pull ${nameOrPath}" fetches it`
    : ''
  throw inputError(
    'cli.model',
    `Cannot find model ${nameOrPath}: expected a model directory, a GGUF file, ${builtIn.name} or one of the models in ` +
      `${home.models} (${known})${pull}`,
  )
}

/** A folder in PEFT's format, or the name of an adapter that was imported. */
export function findAdapter(nameOrFolder: string, home: Home): string {
  const places = [resolve(nameOrFolder), join(home.adapters, nameOrFolder)]
  const found = places.find((folder) => existsSync(join(folder, 'adapter_config.json')))
  if (found !== undefined) return found
  throw inputError(
    'cli.adapter',
    `Cannot find adapter ${nameOrFolder}: expected adapter_config.json in ${places.join(' or ')}, got none`,
  )
}

/** The path that opens a model: the folder itself, or the GGUF file in it. */
export function modelFile(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  if (!statSync(path).isDirectory()) return path.endsWith('.gguf') ? path : undefined
  if (existsSync(join(path, 'config.json'))) return path
  const gguf = readdirSync(path).find((name) => name.endsWith('.gguf'))
  return gguf === undefined ? undefined : join(path, gguf)
}
