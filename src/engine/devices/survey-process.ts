/** The process of survey.ts: checks one provider after the other and sends the survey to its parent. */
import { runtimeBackends, runtimeVersion } from '../../onnx/session-runtime.ts'
import { answerParent } from './ask-process.ts'
import { reasonAgainst, tooSlow } from './choose.ts'
import { machineChecks } from './machine-checks.ts'
import { providers } from './probe.ts'
import type { DeviceSurvey, SurveyedDevice } from './survey.ts'

const [cacheFolder] = process.argv.slice(2)
if (cacheFolder === undefined) throw new RangeError('Cannot survey devices: expected a cache folder, got none')
const checks = machineChecks(cacheFolder)
const devices: SurveyedDevice[] = []
for (const device of providers) {
  const reason = await reasonAgainst(device, checks)
  const decoding = reason === undefined ? await checks.decoding(device) : undefined
  const slow = reason === undefined ? await tooSlow(device, checks) : undefined
  devices.push({ device, ...(reason && { reason }), ...(slow && { slow }), ...(decoding && { decoding }) })
}
const survey: DeviceSurvey = { runtimeVersion: runtimeVersion(), backends: runtimeBackends(), devices }
answerParent(survey)
