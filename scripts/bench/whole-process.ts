/** Runs a program to its end and reads the one JSON document that it prints. */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { localError } from '../../src/core/errors.ts'

export async function wholeProcess<T>(command: string, args: readonly string[]): Promise<T> {
  const env = { ...process.env, OMP_NUM_THREADS: String(availableParallelism()) }
  try {
    const { stdout } = await promisify(execFile)(command, [...args], { env, maxBuffer: 1 << 24 })
    return JSON.parse(stdout)
  } catch (error) {
    throw localError('bench.process', `Cannot measure with ${command}: ${reason(error as Failed)}`, {}, error)
  }
}

type Failed = Error & { readonly stderr?: string }

/** What a program says last is what went wrong; where it could not be started, or printed no JSON, the error itself. */
function reason({ stderr = '', message }: Failed): string {
  return stderr.trim().split('\n').at(-1) || message
}
