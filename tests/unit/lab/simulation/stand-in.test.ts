import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { parseYaml } from '../../../../src/lab/read-yaml.ts'
import { simulationSchema } from '../../../../src/lab/simulation/scenario.ts'
import { createStandIns } from '../../../../src/lab/simulation/stand-in.ts'

test('createStandIns() tells where training ends only where rounds end in the mean', () => {
  const drift = (mixing: string) => {
    const text = `name: x\npeers: 3\nstandIn: { numbers: 9 }\nmixing: { ${mixing} }`
    return createStandIns(parseYaml(text, 's.yaml', simulationSchema), createRandom('seed')).drift
  }
  for (const mixing of ['robust: none', 'robust: clip', 'factors: both']) assert.ok((drift(mixing) ?? 0) > 0, mixing)
  for (const mixing of ['robust: median', 'robust: trimmed-mean', 'factors: svd'])
    assert.equal(drift(mixing), undefined, mixing)
})
