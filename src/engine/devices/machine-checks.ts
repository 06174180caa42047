/**
 * The checks on this machine. Gradients are compared once for each provider, version of
 * ONNX Runtime and graph, and remembered.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runtimeVersion } from '../../onnx/session-runtime.ts'
import type { DeviceChecks } from './choose.ts'
import { gradientCheckDigest, gradientError } from './gradient-check.ts'
import { probeProvider } from './probe.ts'

export function machineChecks(cacheFolder: string): DeviceChecks {
  const folder = join(cacheFolder, 'devices')
  return {
    probe: probeProvider,
    gradientError: (device) => {
      const key = `${device}-${runtimeVersion()}-${gradientCheckDigest(device).slice(0, 12)}`
      return remembered(join(folder, key), () => gradientError(device, folder))
    },
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
