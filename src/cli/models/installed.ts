/** Which models are on this machine, where they came from and how large they are. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { findModel, type Home, listModels, modelFile } from '../home.ts'
import { builtIn } from './built-in.ts'

const source = z.object({
  from: z.enum(['hub', 'pip', 'path']),
  origin: z.string(),
  licence: z.string().optional(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
})

export interface InstalledModel {
  readonly name: string
  readonly path: string
  readonly form: 'gguf' | 'safetensors'
  readonly builtIn: boolean
  /** Absent for a model that was put there by hand. */
  readonly source?: z.infer<typeof source>
}

/** The built-in one first. */
export async function installedModels(home: Home): Promise<InstalledModel[]> {
  const { name, path } = builtIn
  const first = modelFile(path) === undefined ? [] : [{ name, path, form: 'safetensors', builtIn: true } as const]
  return [...first, ...(await pulledModels(home))]
}

async function pulledModels(home: Home): Promise<InstalledModel[]> {
  return Promise.all(
    listModels(home).map(async (name) => {
      const path = findModel(name, home)
      const text = await readFile(join(home.models, name, 'source.json'), 'utf8').catch(() => '')
      const known = source.safeParse(parse(text))
      const form = path.endsWith('.gguf') ? 'gguf' : 'safetensors'
      return { name, path, form, builtIn: false, ...(known.success ? { source: known.data } : {}) } as const
    }),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
