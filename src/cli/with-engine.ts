/** Opens a model and, where one is named, an adapter; whatever happens, the engine is closed. */
import type { Engine, ModelInfo } from '../engine/contract.ts'
import { startEngine } from '../engine/start.ts'
import type { Adapter } from '../lora/adapter.ts'
import { readPeftAdapter } from '../lora/peft.ts'
import type { CommandContext } from './context.ts'
import { findAdapter, findHome } from './home.ts'
import { type ModelOptions, modelReference } from './options.ts'

export interface OpenEngine {
  readonly engine: Engine
  readonly info: ModelInfo
  readonly adapter: Adapter | undefined
}

export async function withEngine<T>(
  options: ModelOptions & { readonly adapter?: string },
  { output, signal }: CommandContext,
  use: (open: OpenEngine) => Promise<T>,
): Promise<T> {
  const home = findHome(process.env)
  const reference = modelReference(options, home)
  const engine = startEngine({ cacheFolder: home.cache })
  try {
    output.progress.update('opening model')
    const info = await engine.open(reference, signal)
    const adapter =
      options.adapter === undefined ? undefined : await readPeftAdapter(findAdapter(options.adapter, home), info.config)
    output.progress.clear()
    return await use({ engine, info, adapter })
  } finally {
    await engine.close()
  }
}
