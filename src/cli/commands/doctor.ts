/** `fedpit doctor`: what this machine can do, what it cannot, and what to do about it. */
import { availableParallelism, freemem, totalmem } from 'node:os'
import { remedyFor } from '../../engine/devices/remedy.ts'
import { type DeviceSurvey, surveyDevices } from '../../engine/devices/survey.ts'
import type { Register } from '../context.ts'
import { findHome } from '../home.ts'
import { installedModels } from '../models/installed.ts'

export const register: Register = (program, context) => {
  program
    .command('doctor')
    .description('say what this machine can compute with, and why not with the rest')
    .addHelpText('after', '\nExample:\n  fedpit doctor --format json')
    .action(async () => {
      const { output, signal } = context
      const home = findHome(process.env)
      output.progress.update('checking devices')
      const report = {
        node: { version: process.versions.node, path: process.execPath },
        platform: `${process.platform}-${process.arch}`,
        ...diagnose(await surveyDevices(home.cache, signal)),
        processors: availableParallelism(),
        memory: { totalBytes: totalmem(), freeBytes: freemem() },
        home: { models: home.models, cache: home.cache },
        models: (await installedModels(home)).map(({ name }) => name),
      }
      output.result(report, asText(report))
    })
}

function diagnose({ runtimeVersion, backends, devices }: DeviceSurvey) {
  return {
    onnxruntime: { version: runtimeVersion, backends },
    devices: devices.map(({ device, reason, slow, decoding }) =>
      reason === undefined
        ? { device, works: true as const, ...(slow && { slow }), ...(decoding && { decoding }) }
        : { device, works: false as const, reason, remedy: remedyFor(device, reason) },
    ),
    /** What `--device auto` takes. */
    taken: devices.find(({ reason, slow }) => reason === undefined && slow === undefined)?.device ?? null,
  }
}

interface Report extends ReturnType<typeof diagnose> {
  readonly node: { readonly version: string; readonly path: string }
  readonly platform: string
  readonly processors: number
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number }
  readonly home: { readonly models: string; readonly cache: string }
  readonly models: readonly string[]
}

function asText(report: Report): string {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  const devices = report.devices.flatMap((device) => {
    if (device.works) {
      const { slow, decoding } = device
      const how =
        device.device === report.taken
          ? ', taken'
          : slow === undefined
            ? ''
            : `, used only where asked for by name: ${slow}`
      const line = `  ${device.device.padEnd(7)} works${how}`
      return decoding === undefined ? [line] : [line, `          the processor decodes: ${decoding}`]
    }
    return [`  ${device.device.padEnd(7)} refused: ${device.reason}`, `          remedy: ${device.remedy}`]
  })
  const { node, onnxruntime, memory, home, models } = report
  return [
    `Node         ${node.version} (${node.path})`,
    `ONNX Runtime ${onnxruntime.version} on ${report.platform}, built with ${onnxruntime.backends.map(({ name }) => name).join(', ')}`,
    `Processors   ${report.processors}`,
    `Memory       ${gigabytes(memory.freeBytes)} free of ${gigabytes(memory.totalBytes)}`,
    `Models       ${models.join(', ')} (pulled ones in ${home.models})`,
    'Devices',
    ...devices,
  ].join('\n')
}
