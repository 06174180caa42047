/** A repository of the Hugging Face Hub -> the files of a model in a folder. */
import { downloadFile, listFiles } from '@huggingface/hub'
import { FedpitError, inputError, localError } from '../../core/errors.ts'
import { download, type RemoteFile } from './download.ts'
import { isModelFile, megabytes, type PullContext, type PulledFile } from './source.ts'

/** HF_ENDPOINT names a mirror, as for Hugging Face's own tools. */
const hubUrl = (): { hubUrl?: string } => {
  const url = process.env['HF_ENDPOINT']
  return url === undefined || url === '' ? {} : { hubUrl: url }
}

/** Errors (`local`): `models.hub` where the Hub does not answer or refuses. */
export async function listRepository(repository: string, { signal }: PullContext): Promise<RemoteFile[]> {
  const files: RemoteFile[] = []
  try {
    for await (const { type, path, size, oid, lfs } of listFiles({
      ...hubUrl(),
      repo: repository,
      fetch: stoppable(signal),
    })) {
      if (type !== 'file' || !isModelFile(path)) continue
      if (lfs !== undefined) files.push({ name: path, bytes: lfs.size, digest: { algorithm: 'sha256', hex: lfs.oid } })
      else if (oid !== undefined) files.push({ name: path, bytes: size, digest: { algorithm: 'git', hex: oid } })
    }
  } catch (error) {
    signal.throwIfAborted()
    throw hubError(`Cannot list ${repository} on the Hugging Face Hub`, error)
  }
  for (const needed of ['config.json', 'tokenizer.json']) {
    if (!files.some(({ name }) => name === needed)) {
      throw inputError('models.repository', `Cannot pull ${repository}: expected ${needed} in it, got no such file`)
    }
  }
  return files
}

export async function pullFromHub(
  repository: string,
  files: readonly RemoteFile[],
  folder: string,
  { signal, onProgress }: PullContext,
): Promise<PulledFile[]> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const pulled: PulledFile[] = []
  let arrived = 0
  for (const file of files) {
    const from = async (offset: number): Promise<ReadableStream<Uint8Array>> => {
      const blob = await downloadFile({ ...hubUrl(), repo: repository, path: file.name, fetch: stoppable(signal) })
      if (blob === null) throw new Error('no such file')
      return blob.slice(offset, file.bytes).stream() as ReadableStream<Uint8Array>
    }
    const onBytes = (bytes: number): void => {
      arrived += bytes
      onProgress(`Downloading ${repository}`, `${megabytes(arrived)} of ${megabytes(total)} MB, ${file.name}`)
    }
    try {
      pulled.push(await download(file, folder, from, onBytes))
    } catch (error) {
      signal.throwIfAborted()
      throw hubError(`Cannot download ${file.name} of ${repository}; the same command goes on where it stopped`, error)
    }
  }
  return pulled
}

const stoppable =
  (signal: AbortSignal): typeof fetch =>
  (input, init) =>
    fetch(input, { ...init, signal })

function hubError(what: string, error: unknown) {
  if (error instanceof FedpitError) return error
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined }
  const code = (cause as { code?: unknown } | undefined)?.code
  const reason = typeof code === 'string' ? `${message}, ${code}` : message
  return localError('models.hub', `${what}: ${reason}`, {}, error)
}
