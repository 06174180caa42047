/**
 * What every execution provider is good for on this machine. The checks run in a process of their own: native
 * libraries write to standard error as they please, and one that crashes takes its process with it.
 */
import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { localError } from '../../core/errors.ts'
import type { Provider } from '../../onnx/session.ts'
import type { Backend } from '../../onnx/session-runtime.ts'

export interface DeviceSurvey {
  readonly runtimeVersion: string
  readonly backends: readonly Backend[]
  /** In the order of preference. */
  readonly devices: readonly SurveyedDevice[]
}

export interface SurveyedDevice {
  readonly device: Provider
  /** Absent where the device works. */
  readonly reason?: string
}

export async function surveyDevices(cacheFolder: string, signal?: AbortSignal): Promise<DeviceSurvey> {
  const entry = fileURLToPath(new URL(`./survey-process${extname(import.meta.filename)}`, import.meta.url))
  const child = fork(entry, [cacheFolder], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const abort = (): void => {
    child.kill('SIGKILL')
  }
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await new Promise<DeviceSurvey>((resolve, reject) => {
      child.once('message', (survey) => resolve(survey as DeviceSurvey))
      child.once('error', reject)
      child.once('close', (code, ended) =>
        reject(localError('device.survey', `Cannot survey devices: expected a report, got ${ended ?? `exit ${code}`}`)),
      )
    })
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
