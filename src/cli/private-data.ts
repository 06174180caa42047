/** Reads a file of examples for a command; what is wrong in it is said, line by line. */
import type { Example } from '../data/example.ts'
import { readExamples } from '../data/read-examples.ts'
import type { Output } from './output/output.ts'

/** A file full of mistakes should not fill the screen. */
const mostShown = 10

export async function readData(path: string, output: Output): Promise<readonly Example[]> {
  const { examples, problems } = await readExamples(path)
  for (const problem of problems.slice(0, mostShown)) output.note(`Left out ${problem}`)
  if (problems.length > mostShown) output.note(`Left out ${problems.length - mostShown} more records`)
  return examples
}
