/** The model that comes with the program. It stays in the sources; what is compiled stands one tree beside them. */
import { fileURLToPath } from 'node:url'

const folder = import.meta.filename.endsWith('.ts') ? '../../nano/model' : '../../../../src/nano/model'

export const builtIn = {
  name: 'nano',
  /** A Hugging Face directory. */
  path: fileURLToPath(new URL(folder, import.meta.url)),
  about: '3 million parameters, trained by this project: short requests in plain English',
} as const
