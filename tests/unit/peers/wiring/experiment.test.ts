import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimExperiment } from '../../../../peers/wiring/experiment.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../peers/wiring/memory-store.ts'

const experiment = {
  ...{ federation: 'north', seed: 'a', model: 'f00', layout: '1a', factors: 'ffa', outer: 'none', timing: 'rounds' },
}

test('claimExperiment() lets a home go on with the experiment that it began', async () => {
  const store = openMemoryStore(createMemoryDisk())
  await claimExperiment(store, 'here', experiment)
  await claimExperiment(store, 'here', { ...experiment })
})

test('claimExperiment() refuses another experiment in the same home, and names what differs', async () => {
  for (const name of Object.keys(experiment)) {
    const store = openMemoryStore(createMemoryDisk())
    await claimExperiment(store, 'here', experiment)
    await assert.rejects(claimExperiment(store, 'here', { ...experiment, [name]: 'other' }), {
      code: 'home.experiment',
      message: new RegExp(`^Cannot use the home here: expected ${name} .* as when it began, got other; .*--home$`),
    })
    // Nothing of it is lost.
    await claimExperiment(store, 'here', experiment)
  }
})
