import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatStages, parseStages, recipe } from '../../../../scripts/pretrain/recipe.ts'

test('parseStages() reads what formatStages() writes, and names the stage that it cannot read', () => {
  for (const { stages } of recipe) assert.deepEqual(parseStages(formatStages(stages)), stages)
  for (const stage of [
    '',
    'all:1x2',
    'all:0x1x8',
    'all:1x0x8',
    'all:1x1x0',
    'all:1x1x1025',
    'all:1.5x1x8',
    'all:1x1x8x2',
    '1x1x8',
    'none:1x1x8',
  ])
    assert.throws(() => parseStages(`all:1x1x8,${stage}`), {
      code: 'usage.stages',
      message: new RegExp(`, got ${stage}$`),
    })
})
