/**
 * The checks on this machine. Gradients are compared once for each provider, version of
 * ONNX Runtime and graph, and remembered.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { FedpitError } from '../../core/errors.ts'
import type { Provider } from '../../onnx/session.ts'
import { runtimeVersion } from '../../onnx/session-runtime.ts'
import { askProcess } from './ask-process.ts'
import type { DeviceChecks } from './choose.ts'
import { gradientCheckDigest, gradientError } from './gradient-check.ts'
import { probeProvider } from './probe.ts'
import { productSpeed } from './speed.ts'

export function machineChecks(cacheFolder: string): DeviceChecks {
  const folder = join(cacheFolder, 'devices')
  return {
    probe: probeProvider,
    gradientError: (device) => {
      const key = `${device}-${runtimeVersion()}-${gradientCheckDigest(device).slice(0, 12)}`
      return remembered(join(folder, key), () => gradientError(device, folder))
    },
    slower,
    decoding: (device) => decoding(device, folder),
  }
}

async function slower(device: Provider): Promise<string | undefined> {
  const threads = availableParallelism()
  const [own, processor] = [await productSpeed(device, threads), await productSpeed('cpu', threads)]
  const figure = (speed: number): string => `${(speed / 1e9).toPrecision(3)} GF/s`
  return own > processor ? undefined : `${figure(own)} against ${figure(processor)} in matrix products`
}

/** In a process of its own: a provider that cannot decode may crash (seen with WebGPU of onnxruntime 1.30). */
async function decoding(device: Provider, folder: string): Promise<string | undefined> {
  if (device === 'cpu') return undefined
  try {
    return String(await askProcess('decoding-check-process', [device, folder])) || undefined
  } catch (error) {
    if (error instanceof FedpitError) return `it ended the process (${error.detail['how']})`
    throw error
  }
}

/** A number in a file of its own, as text; what is not a number is remembered too. */
async function remembered(path: string, measure: () => Promise<number>): Promise<number> {
  const known = await readFile(path, 'utf8').catch(() => undefined)
  if (known !== undefined && known !== '') return Number(known)
  const value = await measure()
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.partial`, String(value))
  await rename(`${path}.partial`, path)
  return value
}
