import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseStages } from '../../../../scripts/pretrain/recipe.ts'

test('parseStages() reads lessons, sizes and practice, and names the stage that it cannot read', () => {
  assert.deepEqual(parseStages('copy:250x10x256,pieces:400x4x768+32,all:1x1x8+2+3'), [
    { lesson: 'copy', updates: 250, batch: 10, length: 256 },
    { lesson: 'pieces', updates: 400, batch: 4, length: 768, practice: 32 },
    { lesson: 'all', updates: 1, batch: 1, length: 8, practice: 2, answers: 3 },
  ])
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
    'all:1x1x8+0',
    'all:1x1x8+',
    'all:1x1x8+1+0',
    'all:1x1x8+1+1+1',
  ])
    assert.throws(() => parseStages(`all:1x1x8,${stage}`), {
      code: 'usage.stages',
      message: new RegExp(`, got ${stage.replaceAll('+', '\\+')}$`),
    })
})
