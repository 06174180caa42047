/** What every execution provider is good for on this machine. */
import type { Provider } from '../../onnx/session.ts'
import type { Backend } from '../../onnx/session-runtime.ts'
import { askProcess } from './ask-process.ts'

export interface DeviceSurvey {
  readonly runtimeVersion: string
  readonly backends: readonly Backend[]
  /** In the order of preference. */
  readonly devices: readonly SurveyedDevice[]
}

export interface SurveyedDevice {
  readonly device: Provider
  /** Why it is not used at all; absent where it trains. */
  readonly reason?: string
  /** Why it is taken only where it is asked for by name. */
  readonly slow?: string
  /** Why it does not decode: the processor does then. */
  readonly decoding?: string
}

export async function surveyDevices(cacheFolder: string, signal?: AbortSignal): Promise<DeviceSurvey> {
  return (await askProcess('survey-process', [cacheFolder], signal)) as DeviceSurvey
}
