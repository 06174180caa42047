/** An engine in a process of its own, kept alive: what peers and commands use. */
import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEngineChild } from './child.ts'
import type { Engine, EngineEvent } from './contract.ts'
import { superviseEngine } from './supervisor.ts'

export interface StartOptions {
  /** For float32 forms of quantised models, fingerprints, and what is known of devices. */
  readonly cacheFolder: string
  readonly onEvent?: (event: EngineEvent) => void
}

/**
 * The process starts with the first call and ends with `close`, or when this process ends.
 *
 * @example
 * const engine = startEngine({ cacheFolder })
 * await engine.open({ path: 'model.gguf', device: 'auto', decode: 'int8', threads: 2 })
 * const [completion] = await engine.generate({ prompts: ['Once upon a time'], sampling })
 * await engine.close()
 */
export function startEngine({ cacheFolder, onEvent = () => {} }: StartOptions): Engine {
  // The module beside this one: TypeScript in the repository, JavaScript where it was compiled.
  const entry = fileURLToPath(new URL(`./process${extname(import.meta.filename)}`, import.meta.url))
  return superviseEngine({
    start: () => startEngineChild(entry, [cacheFolder]),
    sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
    onEvent,
  })
}
