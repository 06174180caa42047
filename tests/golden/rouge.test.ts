import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { rougeL } from '../../src/fedpit/rouge-l.ts'
import { goldenFolder } from './folder.ts'

test('rougeL() gives the precision, recall and F of rouge_score', () => {
  const { cases } = JSON.parse(readFileSync(join(goldenFolder, 'rouge.json'), 'utf8')) as {
    cases: [string, string, number, number, number][]
  }
  assert.ok(cases.length > 20)
  for (const [reference, prediction, precision, recall, f] of cases) {
    const actual = rougeL(reference, prediction)
    for (const [name, expected] of Object.entries({ precision, recall, f })) {
      const value = actual[name as keyof typeof actual]
      assert.ok(Math.abs(value - expected) < 1e-6, `${name} of ${JSON.stringify([reference, prediction])}: ${value}`)
    }
  }
})
