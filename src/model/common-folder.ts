/**
 * ONNX Runtime reads a model's weights from one folder and what lies below it, and refuses a path or a link that leaves
 * it. A checkpoint that is read together with a file of another place is therefore seen from a folder above both.
 */
import { realpath } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Checkpoint } from './checkpoint.ts'

/** The checkpoint with the deepest folder above both as its own, and `file` relative to that. */
export async function seenWith(
  checkpoint: Checkpoint,
  file: string,
): Promise<{ readonly checkpoint: Checkpoint; readonly file: string }> {
  const [own, other] = await Promise.all([realpath(checkpoint.folder), realpath(file)])
  let folder = own
  while (relative(folder, other).startsWith('..')) folder = dirname(folder)
  const weights = [...checkpoint.weights].map(
    ([name, weight]) => [name, { ...weight, file: relative(folder, join(own, weight.file)) }] as const,
  )
  return { checkpoint: { ...checkpoint, folder, weights: new Map(weights) }, file: relative(folder, other) }
}
