/** Scenarios that come with the program. They stay in the sources; what is compiled stands one tree beside them. */
import { fileURLToPath } from 'node:url'

export function shippedScenario(file: string): string {
  const folder = import.meta.filename.endsWith('.ts') ? './scenarios' : '../../../src/lab/scenarios'
  return fileURLToPath(new URL(`${folder}/${file}`, import.meta.url))
}
