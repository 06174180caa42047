import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatStages, parseStages, recipe } from '../../../../scripts/pretrain/recipe.ts'

test('parseStages() reads what formatStages() writes, and names the stage that it cannot read', () => {
  assert.deepEqual(parseStages(formatStages(recipe.stages)), recipe.stages)
  for (const stage of ['', '1x2', '0x1x8', '1x0x8', '1x1x0', '1x1x1025', '1.5x1x8', '1x1x8x2'])
    assert.throws(() => parseStages(`1x1x8,${stage}`), { code: 'usage.stages', message: new RegExp(`, got ${stage}$`) })
})
