import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import test from 'node:test'
import { modelAbsent, modelPath } from '../golden/model-path.ts'

const options = { skip: modelAbsent }
const program = join(import.meta.dirname, '../../src/cli/fedpit.js')

function tokenize(args: readonly string[], input = '') {
  const all = [program, 'tokenize', '--model', modelPath, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8', input })
  return { status, stdout, stderr }
}

test('fedpit tokenize shows ids and pieces, of an argument or of standard input', options, () => {
  const { status, stdout } = tokenize(['a '])
  assert.equal(status, 0)
  assert.equal(stdout, '     81  "a"\n    216  " "\n2 tokens\n')
  const piped = JSON.parse(tokenize(['--format', 'json'], "don't").stdout)
  assert.deepEqual(piped.ids, [12420, 982])
  assert.deepEqual(piped.tokens, [
    { id: 12420, text: 'don' },
    { id: 982, text: "'t" },
  ])
})

test('fedpit tokenize reads special tokens when it is told to, and not otherwise', options, () => {
  const ids = (args: readonly string[]) => JSON.parse(tokenize([...args, '--format', 'json']).stdout).ids
  assert.deepEqual(ids(['--special', '<|im_end|>']), [2])
  assert.ok(!ids(['<|im_end|>']).includes(2))
})

test('fedpit tokenize --chat renders a message or a list of messages by the template', options, () => {
  const chat = [
    { role: 'system', content: 'You sort requests.' },
    { role: 'user', content: 'My invoice is wrong.' },
  ]
  const { text, ids } = JSON.parse(tokenize(['--chat', '--format', 'json'], JSON.stringify(chat)).stdout)
  assert.equal(
    text,
    '<|im_start|>system\nYou sort requests.<|im_end|>\n<|im_start|>user\nMy invoice is wrong.<|im_end|>\n<|im_start|>assistant\n',
  )
  assert.deepEqual(ids.slice(0, 4), [1, 9690, 198, 2683])
  assert.match(JSON.parse(tokenize(['--chat', 'Hi', '--format', 'json']).stdout).text, /user\nHi<\|im_end\|>/)
  for (const broken of ['[]', '[{"role":"x","content":"a"}]', '[null]']) {
    const { status, stderr } = tokenize(['--chat', broken])
    assert.equal(status, 2)
    assert.match(stderr, /Cannot read the chat: expected messages .*got /)
  }
})
