/** The process of machine-checks.ts that decodes on a provider and on the processor, and answers with what differs. */
import { FedpitError } from '../../core/errors.ts'
import { answerParent } from './ask-process.ts'
import { greedyIds } from './decoding-check.ts'
import { providers } from './probe.ts'

const [name, folder] = process.argv.slice(2)
const device = providers.find((provider) => provider === name)
if (device === undefined || folder === undefined) {
  throw new RangeError(`Cannot check decoding: expected a provider and a folder, got ${name} and ${folder}`)
}
try {
  const expected = JSON.stringify(await greedyIds('cpu', folder))
  const actual = JSON.stringify(await greedyIds(device, folder))
  answerParent(actual === expected ? '' : `it decodes ${actual} where the processor decodes ${expected}`)
} catch (error) {
  if (!(error instanceof FedpitError)) throw error
  answerParent(error.message)
}
