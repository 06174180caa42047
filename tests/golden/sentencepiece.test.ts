import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { readGguf } from '../../src/model/gguf/read.ts'
import { tokenizerFromGguf } from '../../src/tokenizer/from-gguf.ts'
import { openTokenizer } from '../../src/tokenizer/open.ts'
import { createTokenizer } from '../../src/tokenizer/tokenizer.ts'
import { goldenFolder } from './folder.ts'

const path = join(goldenFolder, 'sentencepiece', 'vocabulary.gguf')
const { cases } = JSON.parse(readFileSync(join(goldenFolder, 'sentencepiece', 'tokens.json'), 'utf8')) as {
  cases: { text: string; ids: number[]; special: number[]; decoded: string; bare: number[] }[]
}

test('Tokenizer.encode() over a SentencePiece GGUF gives the ids of SentencePiece itself', async () => {
  const tokenizer = await openTokenizer(path)
  assert.ok(cases.length > 60)
  for (const { text, ids } of cases) assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify(text))
})

test('Tokenizer.encode() and decode() with special tokens give the reference ids and texts', async () => {
  const tokenizer = await openTokenizer(path)
  for (const { text, special, decoded } of cases) {
    assert.deepEqual(tokenizer.encode(text, { special: true }), special, JSON.stringify(text))
    assert.equal(tokenizer.decode(special), decoded, JSON.stringify(text))
  }
})

test('tokenizerFromGguf() without add_space_prefix puts no space before a text, and takes none away', async () => {
  const gguf = await readGguf(path)
  const metadata = new Map([...gguf.metadata, ['tokenizer.ggml.add_space_prefix', false]] as const)
  const tokenizer = createTokenizer(tokenizerFromGguf({ ...gguf, metadata }))
  for (const { text, bare } of cases) {
    assert.deepEqual(tokenizer.encode(text, { special: true }), bare, JSON.stringify(text))
    assert.equal(tokenizer.decode(tokenizer.encode(text)), text.replaceAll('\u2581', ' '), JSON.stringify(text))
  }
})

test('Tokenizer.encodeChat() of a special token that a user wrote changes no other part of the chat', async () => {
  const tokenizer = await openTokenizer(path)
  const first = { role: 'user', content: 'the peers' } as const
  const alone = tokenizer.encodeChat([first], { generationPrompt: false })
  const both = tokenizer.encodeChat([first, { role: 'assistant', content: 'a</s>b' }], { generationPrompt: false })
  assert.deepEqual(alone, tokenizer.encode('<|user|>\nthe peers</s>\n', { special: true }))
  assert.deepEqual(both.slice(0, alone.length), alone)
  assert.equal(both.filter((id) => id === tokenizer.end).length, 2, 'the two that the template wrote')
  // After a special token a text begins with a space, as in both references.
  assert.equal(tokenizer.decode(both.slice(alone.length)), '<|assistant|> \na</s>b</s> \n')
})
