/**
 * Asks a module of this folder in a process of its own, for one answer. Native libraries write to standard error as
 * they please, and one that crashes takes its process with it.
 */
import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { localError } from '../../core/errors.ts'

export async function askProcess(module: string, args: readonly string[], signal?: AbortSignal): Promise<unknown> {
  const entry = fileURLToPath(new URL(`./${module}${extname(import.meta.filename)}`, import.meta.url))
  const child = fork(entry, [...args], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const abort = (): void => {
    child.kill('SIGKILL')
  }
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('error', reject)
      child.once('close', (code, ended) => {
        const how = ended ?? `exit code ${code}`
        reject(localError('device.check', `Cannot check devices: expected an answer of ${module}, got ${how}`, { how }))
      })
    })
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** The other side: answers once and lets the process end. */
export function answerParent(answer: unknown): void {
  process.send?.(answer, () => process.disconnect())
}
