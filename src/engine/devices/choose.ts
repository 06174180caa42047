/** Which execution provider to compute on: what was tried, what was taken, and why the rest was not. */
import { FedpitError, localError } from '../../core/errors.ts'
import type { Provider } from '../../onnx/session.ts'
import type { Device } from '../contract.ts'
import { providers } from './probe.ts'
import { remedyFor } from './remedy.ts'

export interface ChosenDevice {
  /** Where it trains and scores. */
  readonly device: Provider
  /** Where it decodes: the same, or the processor where that one cannot. */
  readonly decodeDevice: Provider
  readonly refused: readonly { readonly device: Provider; readonly reason: string }[]
}

/** What is found out about a provider; machine-checks.ts has the real ones. */
export interface DeviceChecks {
  /** Undefined where it works, else why not. */
  probe(device: Provider): Promise<string | undefined>
  /** Undefined where it is faster than the processor, else both speeds. */
  slower(device: Provider): Promise<string | undefined>
  /** Relative L2 distance of its gradients to the processor's. */
  gradientError(device: Provider): Promise<number>
  /** Undefined where it decodes as the processor does, else what differs. */
  decoding(device: Provider): Promise<string | undefined>
}

/** float32 summed in another order stays below 1e-5. */
const tolerance = 1e-3

/**
 * `auto` takes the first that works and is faster than the processor. One that is asked for by name is taken at any
 * speed, or refused with `device.refused`, the reason and the remedy.
 */
export async function chooseDevice(wanted: Device, checks: DeviceChecks): Promise<ChosenDevice> {
  const refused: { device: Provider; reason: string }[] = []
  for (const device of wanted === 'auto' ? providers : [wanted]) {
    const reason =
      (await reasonAgainst(device, checks)) ?? (wanted === 'auto' ? await tooSlow(device, checks) : undefined)
    if (reason !== undefined) {
      refused.push({ device, reason })
      continue
    }
    const differs = await checks.decoding(device)
    if (differs === undefined) return { device, decodeDevice: device, refused }
    refused.push({ device, reason: `decoding is left to the processor: ${differs}` })
    return { device, decodeDevice: 'cpu', refused }
  }
  const reasons = refused
    .map(({ device, reason }) => `${device}: ${reason} (remedy: ${remedyFor(device, reason)})`)
    .join('; ')
  throw localError('device.refused', `Cannot compute on ${wanted}: expected a provider that works, got ${reasons}`, {
    refused,
  })
}

/** Why `auto` passes over a device that works, if it does. */
export async function tooSlow(device: Provider, checks: DeviceChecks): Promise<string | undefined> {
  const speeds = device === 'cpu' ? undefined : await checks.slower(device)
  return speeds === undefined ? undefined : `slower than the processor: ${speeds}`
}

/** Undefined where the device can be trusted with training. */
export async function reasonAgainst(device: Provider, checks: DeviceChecks): Promise<string | undefined> {
  const broken = await checks.probe(device)
  if (broken !== undefined || device === 'cpu') return broken
  try {
    const error = await checks.gradientError(device)
    if (error <= tolerance) return undefined
    return `its gradients differ from the processor's by ${error.toPrecision(3)}, more than ${tolerance}`
  } catch (error) {
    if (!(error instanceof FedpitError)) throw error
    return `the gradient check failed: ${error.message}`
  }
}
