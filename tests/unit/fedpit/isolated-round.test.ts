import assert from 'node:assert/strict'
import test from 'node:test'
import { isolatedRound, personalise } from '../../../src/fedpit/isolated-round.ts'
import { examples, good, maxPositions, settings } from './few-examples.ts'
import { scriptedEngine, start } from './scripted-engine.ts'

test('isolatedRound() trains the global adapter on synthetic data alone, and B alone', async () => {
  const { engine, asked } = scriptedEngine(good)
  const { synthetic, report } = await isolatedRound(
    { examples, global: start, shared: 'B', settings, chat: true, seed: '1' },
    { engine, maxPositions },
  )
  const [scorer, global] = asked.train
  assert.equal(asked.train.length, 2)
  assert.deepEqual(
    global?.samples.map(({ response }) => response),
    synthetic.map(({ response }) => response),
  )
  assert.ok(!JSON.stringify(global?.samples).includes('Secret'), 'no private response reaches the shared adapter')
  assert.equal(global?.init, start)
  assert.equal(global?.options.trainable, 'B')
  assert.equal(scorer?.samples.length, 10)
  assert.deepEqual(report, { tried: 6, candidates: 4, kept: 2, rejected: { 'not-selected': 2 } })
})

test('isolatedRound() keeps the lowest instruction-following scores below 1 by the local model', async () => {
  const { engine, asked } = scriptedEngine({
    ...good,
    loss: (response, prompted) => (prompted ? (response.includes('0') ? 9 : response.length / 100) : 2),
  })
  const { synthetic } = await isolatedRound(
    { examples, global: start, shared: 'B', settings, chat: true, seed: '1' },
    { engine, maxPositions },
  )
  assert.equal(
    asked.score[0]?.adapter?.parameters[0],
    Math.fround((start.parameters[0] as number) + 10),
    'scored by the tuned one',
  )
  assert.equal(synthetic.length, 2)
  assert.ok(synthetic.every(({ response }) => !response.includes('0')))
})

for (const generator of ['global', 'base'] as const) {
  test(`isolatedRound() lets the ${generator} model write, and trains from the global adapter`, async () => {
    const { engine, asked } = scriptedEngine(good)
    await isolatedRound(
      { examples, global: start, shared: 'B', settings: { ...settings, generator }, chat: true, seed: '1' },
      { engine, maxPositions },
    )
    assert.ok(asked.generate.length > 1)
    for (const { adapter } of asked.generate) assert.equal(adapter, generator === 'global' ? start : undefined)
    for (const { init } of asked.train) assert.equal(init, start)
  })
}

test('isolatedRound() without a synthetic example leaves the global adapter as it is', async () => {
  const { engine, asked } = scriptedEngine({ task: () => 'sorry, no', response: () => '' })
  const { global, synthetic } = await isolatedRound(
    { examples, global: start, shared: 'B', settings, chat: false, seed: '1' },
    { engine, maxPositions },
  )
  assert.equal(synthetic.length, 0)
  assert.equal(global.parameters, start.parameters)
  assert.ok(
    asked.train.every(({ options }) => options.trainable === 'AB'),
    'nothing was trained for sharing',
  )
})

test('isolatedRound() gives the same round for the same seed', async () => {
  const round = async () =>
    isolatedRound(
      { examples, global: start, shared: 'B', settings, chat: true, seed: '7' },
      { engine: scriptedEngine(good).engine, maxPositions },
    )
  assert.deepEqual(await round(), await round())
})

test('personalise() trains both factors on private and synthetic examples, from the mean of the round', async () => {
  const { engine, asked } = scriptedEngine(good)
  const synthetic = [{ instruction: 'Something new', response: 'Of the model' }]
  const input = { examples, synthetic, global: start, chat: true, seed: '1' }
  const local = await personalise({ ...input, settings }, { engine })
  const [training] = asked.train
  assert.equal(asked.train.length, 1)
  assert.equal(training?.init, start)
  assert.equal(training?.options.trainable, 'AB')
  assert.deepEqual(
    training?.samples.map(({ response }) => response),
    [...examples, ...synthetic].map(({ response }) => response),
  )
  assert.notDeepEqual(local.parameters, start.parameters)

  const otherwise = { ...settings, localTraining: { epochs: 20 } }
  await personalise({ ...input, settings: otherwise }, { engine })
  assert.deepEqual(asked.train[1]?.options, { ...training?.options, epochs: 20 })
})
