import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nanoExamples } from '../../../../scripts/examples/nano-examples.ts'
import { families } from '../../../../src/nano/corpus/families.ts'

const folder = new URL('../../../../src/lab/examples/nano/', import.meta.url)

test('the files in src/lab/examples/nano are what npm run examples:nano writes', () => {
  const written = new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]))
  assert.deepEqual([...written.keys()].sort(), ['bank.jsonl', 'clinic.jsonl', 'law-office.jsonl', 'school.jsonl'])
  assert.deepEqual(written, nanoExamples())
})

test('nanoExamples: each trade holds 40 different tasks of all its held-out families, rightly answered', () => {
  const heldOut = families.filter(({ split }) => split === 'heldOut')
  for (const [name, text] of nanoExamples()) {
    const examples = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(new Set(examples.map(({ instruction, input }) => `${instruction}\n${input}`)).size, 40, name)
    const own = heldOut.filter(({ trade }) => `${trade.replaceAll(' ', '-')}.jsonl` === name)
    assert.equal(own.length, 5, name)
    for (const family of own) assert.ok(examples.some(family.accepts), `${name} has an example of ${family.id}`)
    for (const example of examples)
      assert.ok(
        own.some(({ accepts }) => accepts(example)),
        JSON.stringify(example),
      )
  }
})
