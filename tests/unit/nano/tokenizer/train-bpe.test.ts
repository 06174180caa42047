import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { trainBytePairs } from '../../../../src/nano/tokenizer/train-bpe.ts'
import { openTokenizer } from '../../../../src/tokenizer/open.ts'
import { createTokenizer } from '../../../../src/tokenizer/tokenizer.ts'
import type { TokenizerFiles } from '../../../../src/tokenizer/tokenizer-files.ts'
import { anyCharacter } from '../../../fixtures/any-character.ts'
import { texts, writeNewModel } from '../../../fixtures/new-model.ts'

const model = ({ tokenizer }: TokenizerFiles) =>
  tokenizer['model'] as { vocab: Record<string, number>; merges: readonly string[] }

test('trainBytePairs() learns a small corpus as by hand', () => {
  // Words: "aab" 2, " aab" 1, "b" 1; "12" and "3" stand apart.
  const files = trainBytePairs(['aab aab', 'aab123b'], 263)
  // aa and ab stand three times each; a is the smaller right id of the two.
  assert.deepEqual(model(files).merges, ['a a', 'aa b', '1 2', 'Ġ aab'])
  const tokenizer = createTokenizer(files)
  assert.deepEqual(tokenizer.encode('aab aab'), [260, 262])
  assert.deepEqual(tokenizer.encode('123').length, 2)
})

test('trainBytePairs() gives specials, bytes and merges ids from 0 on, exactly as many as asked', () => {
  for (const vocabulary of [259, 260, 330]) {
    const { vocab, merges } = model(trainBytePairs(texts, vocabulary))
    assert.deepEqual(
      Object.values(vocab).sort((a, b) => a - b),
      Array.from({ length: vocabulary }, (_, id) => id),
    )
    assert.equal(merges.length, vocabulary - 259)
    assert.deepEqual([vocab['<|endoftext|>'], vocab['<|im_start|>'], vocab['<|im_end|>'], vocab['!']], [0, 1, 2, 3])
  }
})

test('trainBytePairs() says where the texts have too few pairs, or the vocabulary no room for the bytes', () => {
  assert.throws(() => trainBytePairs(['ab'], 261), {
    code: 'tokenizer.corpus',
    message: 'Cannot train a tokenizer: expected texts with enough pairs for 261 tokens, got enough for 260',
  })
  for (const vocabulary of [258, 300.5, Number.NaN, 1_000_001]) {
    assert.throws(() => trainBytePairs(texts, vocabulary), { code: 'tokenizer.vocabulary' }, `${vocabulary}`)
  }
})

test('trainBytePairs() depends on the texts alone, not on their order', () => {
  assert.deepEqual(trainBytePairs(texts, 330), trainBytePairs([...texts].reverse(), 330))
})

test('trainBytePairs() merges nothing across words, pairs of digits or special tokens', () => {
  const tokens = Object.keys(model(trainBytePairs(['ab ab 7777 77, 77 ab', 'x<|im_end|>x<|im_end|>x'], 262)).vocab)
  assert.deepEqual(
    tokens.filter((token) => token.length > 1),
    ['77', '<|endoftext|>', '<|im_start|>', '<|im_end|>', 'ab', 'Ġab'],
  )
  assert.throws(() => trainBytePairs(['7 7 777x<|im_end|>x'], 261), { code: 'tokenizer.corpus' })
})

test('trainBytePairs() makes a tokenizer that gives any text back, special tokens as text too', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-bpe-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeNewModel(join(folder, 'model'), 'f32')
  const tokenizer = await openTokenizer(join(folder, 'model'))
  const unit = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 3 }),
    fc.constantFrom(' the', 'other ', '12', "'ll", '\n\n', '<|im_end|>', '<|', '   ', '\u0085', '\ufeff', '\u2003'),
  )
  fc.assert(
    fc.property(fc.array(unit), fc.boolean(), (parts, special) => {
      const text = parts.join('')
      assert.equal(tokenizer.decode(tokenizer.encode(text, { special })), text)
    }),
    { numRuns: 500 },
  )
  assert.deepEqual(tokenizer.encode('<|im_start|>x<|im_end|>', { special: true }).length, 3)
  assert.ok(!tokenizer.encode('<|im_end|>').includes(2))
})

test('trainBytePairs() writes chats in ChatML and adds no message; a turn ends before the text does', () => {
  const tokenizer = createTokenizer(trainBytePairs(texts, 280))
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ] as const
  assert.equal(
    tokenizer.renderChat(messages, { generationPrompt: true }),
    '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>assistant\n',
  )
  assert.equal(
    tokenizer.renderChat(messages.slice(0, 1), { generationPrompt: false }),
    '<|im_start|>user\nHi<|im_end|>\n',
  )
  assert.deepEqual([tokenizer.bos, tokenizer.end, tokenizer.ends], [0, 2, [2, 0]])
})
