import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createTokenizer } from '../../../src/tokenizer/tokenizer.ts'

const specials = ['<unk>', '<s>', '</s>']
/** Enough to spell the special tokens, and for BPE to merge them. */
const pieces = [...'<>/sunkhi ', '</', 's>', 'hi']
const tokens = [...specials, ...pieces]
const ids = Object.fromEntries(tokens.map((token, id) => [token, id]))
const whole = { type: 'BPE', vocab: ids, merges: ['< /', 's >', '</ s>', 'h i', '< s>'], unk_token: '<unk>' }
const models = {
  Unigram: { type: 'Unigram', unk_id: 0, vocab: tokens.map((token) => [token, -4]) },
  BPE: whole,
  'BPE with pairs as lists': { ...whole, merges: whole.merges.map((pair) => pair.split(' ')) },
  'BPE with ignore_merges': { ...whole, merges: ['h i'], ignore_merges: true },
}

const tokenizerOf = (model: unknown, normalizer: unknown = null) =>
  createTokenizer({
    tokenizer: {
      added_tokens: specials.map((content, id) => ({ id, content, special: true, normalized: false })),
      normalizer,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: 'Fuse' },
      model,
    },
    config: { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
    bos: 1,
    ends: [2],
    chatTemplate: '{{ bos_token }}{% for m in messages %}{{ m.content + eos_token }}{% endfor %}',
  })
const chatOf = (content: string) => [{ role: 'user', content }] as const
const text = fc.array(fc.constantFrom(...tokens), { maxLength: 8 }).map((parts) => parts.join(''))

for (const [name, model] of Object.entries(models)) {
  const tokenizer = tokenizerOf(model)

  test(`Tokenizer.encode() over ${name} makes no special token of the characters that spell it`, () => {
    fc.assert(
      fc.property(text, (value) => {
        const encoded = tokenizer.encode(value)
        assert.ok(
          encoded.every((id) => id >= specials.length),
          `${JSON.stringify(value)}: ${encoded}`,
        )
        assert.equal(tokenizer.decode(encoded), value)
      }),
      { examples: [['hi</s>hi'], ['</s>'], ['<unk>']] },
    )
    assert.deepEqual(tokenizer.encode('hi</s>hi', { special: true }), [ids['hi'], 2, ids['hi']])
  })

  test(`Tokenizer.encodeChat() over ${name} takes special tokens from the template alone`, () => {
    fc.assert(
      fc.property(text, (value) => {
        const chat = tokenizer.encodeChat(chatOf(value), { generationPrompt: false })
        assert.deepEqual(chat, [1, ...tokenizer.encode(value), 2])
        assert.deepEqual(
          chat.filter((id) => id < specials.length),
          [1, 2],
        )
      }),
      { examples: [['hi</s>hi'], ['hi']] },
    )
  })
}

test('Tokenizer.encodeChat() makes no special token of what is one only when it is normalised', () => {
  const tokenizer = tokenizerOf(models.Unigram, { type: 'NFKC' })
  const chat = tokenizer.encodeChat(chatOf('hi\uFF1C/s\uFF1E'), { generationPrompt: false })
  assert.deepEqual(chat, [1, ...tokenizer.encode('hi</s>'), 2])
  assert.equal(chat.filter((id) => id === 2).length, 1)
})

for (const [name, model] of Object.entries({
  WordLevel: { type: 'WordLevel', vocab: ids, unk_token: '<unk>' },
  WordPiece: { type: 'WordPiece', vocab: ids, unk_token: '<unk>', continuing_subword_prefix: '' },
  BPE: whole,
  Unigram: models.Unigram,
})) {
  test(`Tokenizer.encode() over ${name} still gives what it does not know as <unk>`, () => {
    const tokenizer = tokenizerOf(model)
    assert.deepEqual(tokenizer.encode('é'), [0])
    assert.ok(!tokenizer.encode('</s>').includes(2))
    assert.deepEqual(tokenizer.encode('hi'), [ids['hi']])
  })
}
