/** What stands in src/nano/model: whole, small enough to ship, and described by what it is. */
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { practiceCurve, practised } from '../../scripts/figures/practice-curve.ts'
import { trainingCurve } from '../../scripts/figures/training-curve.ts'
import type { CurvePoint } from '../../scripts/pretrain/checkpoint.ts'
import { recipe } from '../../scripts/pretrain/recipe.ts'
import type { Story } from '../../scripts/pretrain/run-document.ts'
import { builtIn } from '../../src/cli/models/built-in.ts'
import { parseHfConfig } from '../../src/model/hf-config.ts'
import { nanoConfig } from '../../src/nano/architecture.ts'
import { tokensAfter } from '../../src/training/packed-text.ts'

const read = (name: string): string => readFileSync(join(builtIn.path, name), 'utf8')
const { runs }: Story = JSON.parse(read('training.json'))

test('nano has the architecture that pretrain:nano trains, in at most 8 MB of weights', () => {
  assert.deepEqual(parseHfConfig(JSON.parse(read('config.json')), 'config.json'), nanoConfig)
  assert.ok(statSync(join(builtIn.path, 'model.safetensors')).size <= 8e6)
})

test('training.json is the log of the runs that stand in pretrain:nano', () => {
  assert.deepEqual(
    runs.map(({ stages, learningRate }) => ({ stages, learningRate })),
    recipe.map(({ stages, learningRate }) => ({ stages, learningRate })),
  )
  for (const { updates, stages, tokens, curve } of runs) {
    assert.equal(tokens, tokensAfter(stages, updates))
    // A run that was stopped ends between two points.
    const [first, last] = [curve[0] as CurvePoint, curve.at(-1) as CurvePoint]
    assert.ok(last.step > 0.9 * updates && last.step <= updates, `last point at ${last.step} of ${updates} updates`)
    // Practice is about what the model writes, not about what it reads.
    if (first.right === undefined) assert.ok(last.heldOut < first.heldOut)
    else assert.ok((last.right as number) > first.right)
  }
})

test('curve.svg and practice.svg are what node scripts/figures/nano-curve.ts draws', () => {
  assert.equal(read('curve.svg'), trainingCurve(runs))
  assert.equal(read('practice.svg'), practiceCurve(practised(runs)))
})

test('the model card has every figure filled in', () => {
  assert.doesNotMatch(read('README.md'), /TODO/)
})
