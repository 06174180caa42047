/** Path of fedpit.js, for commands that start peers as processes. It is not compiled: it stays in the sources. */
import { fileURLToPath } from 'node:url'

export const executable = fileURLToPath(
  new URL(import.meta.filename.endsWith('.ts') ? './fedpit.js' : '../../../src/cli/fedpit.js', import.meta.url),
)
