/** The process of survey.ts: checks one provider after the other, sends the survey to its parent, and ends. */
import { runtimeBackends, runtimeVersion } from '../../onnx/session-runtime.ts'
import { reasonAgainst } from './choose.ts'
import { machineChecks } from './machine-checks.ts'
import { providers } from './probe.ts'
import type { DeviceSurvey, SurveyedDevice } from './survey.ts'

const [cacheFolder] = process.argv.slice(2)
if (cacheFolder === undefined) throw new RangeError('Cannot survey devices: expected a cache folder, got none')
const checks = machineChecks(cacheFolder)
const devices: SurveyedDevice[] = []
for (const device of providers) {
  const reason = await reasonAgainst(device, checks)
  devices.push(reason === undefined ? { device } : { device, reason })
}
const survey: DeviceSurvey = { runtimeVersion: runtimeVersion(), backends: runtimeBackends(), devices }
process.send?.(survey, () => process.disconnect())
