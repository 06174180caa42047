import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import { parseExamples, readExamples } from '../../../src/data/read-examples.ts'
import { holdOut } from '../../../src/data/split.ts'

const alpaca = { instruction: 'Add', input: '1 2', output: '3' }
const dolly = { instruction: 'Name a colour', context: '', response: 'Red', category: 'open_qa' }
const chat = {
  messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ],
}
const withSystem = { messages: [{ role: 'system', content: 'Sort this' }, ...chat.messages] }

test('parseExamples() recognises Alpaca, Dolly and chat records, in JSON Lines and in an array', () => {
  const expected = [
    { instruction: 'Add', input: '1 2', response: '3' },
    { instruction: 'Name a colour', response: 'Red' },
    { instruction: 'Hi', response: 'Hello' },
    { instruction: 'Sort this', input: 'Hi', response: 'Hello' },
  ]
  const records = [alpaca, dolly, chat, withSystem]
  const lines = records.map((record) => JSON.stringify(record)).join('\r\n')
  assert.deepEqual(parseExamples(`\uFEFF${lines}\n\n`, 'a.jsonl').examples, expected)
  assert.deepEqual(parseExamples(JSON.stringify(records, null, 2), 'a.json').examples, expected)
})

test('parseExamples() leaves bad records out and says where they are and why', () => {
  const text = [
    JSON.stringify(alpaca),
    '{"instruction": ',
    '{"instruction":"x"}',
    JSON.stringify(alpaca),
    '{"a":1}',
    '{"messages":[]}',
  ].join('\n')
  const { examples, problems } = parseExamples(text, 'data.jsonl')
  assert.equal(examples.length, 1)
  assert.deepEqual(
    problems.map((problem) => problem.slice(0, 45)),
    [
      'data.jsonl:2: expected JSON, got Unexpected e',
      'data.jsonl:3: expected a response, got an emp',
      'data.jsonl:4: expected a new example, got one',
      'data.jsonl:5: expected instruction and output',
      'data.jsonl:6: expected a user message and an ',
    ],
  )
})

test('readExamples() refuses a file without examples, and one that is not there', async () => {
  assert.throws(
    () => parseExamples('{"a":1}', 'x.jsonl'),
    /Cannot use x\.jsonl: expected at least one example, got none; x\.jsonl:1/,
  )
  assert.throws(() => parseExamples('[1,', 'x.json'), /Cannot read x\.json: expected a JSON array/)
  await assert.rejects(
    readExamples('/nowhere.jsonl'),
    /Cannot read \/nowhere\.jsonl: expected a JSON or JSONL file, got ENOENT/,
  )
})

test('holdOut() splits by the seed alone and leaves something on both sides', () => {
  const examples = Array.from({ length: 10 }, (_, i) => ({ instruction: `${i}`, response: 'r' }))
  const { train, heldOut } = holdOut(examples, 0.2, createRandom('seed'))
  assert.equal(heldOut.length, 2)
  assert.deepEqual(new Set([...train, ...heldOut]), new Set(examples))
  assert.deepEqual(holdOut(examples, 0.2, createRandom('seed')).heldOut, heldOut)
  for (const [share, expected] of [
    [0, 0],
    [0.01, 1],
    [0.99, 9],
  ] as const) {
    assert.equal(holdOut(examples, share, createRandom('s')).heldOut.length, expected, `share ${share}`)
  }
  assert.equal(holdOut(examples.slice(0, 1), 0.5, createRandom('s')).train.length, 1, 'the only example is trained on')
})
