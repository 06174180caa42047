import assert from 'node:assert/strict'
import test from 'node:test'
import { Tokenizer as Library } from '@huggingface/tokenizers'
import { encodePrompt, encodeSample } from '../../../src/engine/encode.ts'
import { openTokenizer } from '../../../src/tokenizer/open.ts'
import { createTokenizer } from '../../../src/tokenizer/tokenizer.ts'
import { tinyTokenizer } from '../../fixtures/tiny-tokenizer.ts'

const [end, bos] = [3, 4]
const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } })
const sequence = { Sequence: { id: 'A', type_id: 0 } }
const template = (...single: object[]) => ({ type: 'TemplateProcessing', single, pair: [], special_tokens: {} })
/** As Llama 3's: bytes, then BOS. */
const withBos = { type: 'Sequence', processors: [{ type: 'ByteLevel' }, template(special('<s>'), sequence)] }

function filesOf(post_processor: unknown, more: object = {}) {
  const tiny = tinyTokenizer({ '<s>': bos })
  const added = [...tiny.added_tokens, { id: bos, content: '<s>', special: true }]
  const config = { bos_token: '<s>', eos_token: '<end>', ...more }
  return { tokenizer: { ...tiny, added_tokens: added, post_processor }, config, bos, ends: [end] }
}
const chatTemplate = '{{ bos_token }}{{ messages[0].content }}'
const tokenizerOf = (post_processor: unknown, more: object = {}) =>
  createTokenizer({ ...filesOf(post_processor, more), chatTemplate })

test('encodePrompt() of plain text gives the ids of the library, with the BOS of the post-processor', () => {
  const { tokenizer, config } = filesOf(withBos)
  const library = new Library(tokenizer, config)
  for (const text of ['', 'a', 'abba']) {
    const expected = library.encode(text, { add_special_tokens: true }).ids
    assert.equal(expected[0], bos)
    assert.deepEqual(encodePrompt(tokenizerOf(withBos), text), expected, text)
  }
})

test('encodePrompt() takes tokenizer_config.json at its word where it says whether BOS is added', () => {
  assert.deepEqual(encodePrompt(tokenizerOf(null, { add_bos_token: true }), 'ab'), [bos, 2])
  assert.deepEqual(encodePrompt(tokenizerOf(withBos, { add_bos_token: false }), 'ab'), [2])
})

test('encodePrompt() adds no BOS for a tokenizer that adds none, or the same token at the end', () => {
  assert.deepEqual(encodePrompt(tokenizerOf(null), 'ab'), [2])
  const atEnd = template(sequence, special('<s>'))
  assert.deepEqual(encodePrompt(tokenizerOf(atEnd), 'ab'), [2])
})

test('encodePrompt() adds nothing to a chat, whose template writes its own BOS, nor to ids', () => {
  const tokenizer = tokenizerOf(withBos)
  assert.deepEqual(encodePrompt(tokenizer, [{ role: 'user', content: 'ab' }]), [bos, 2])
  assert.deepEqual(encodePrompt(tokenizer, [2, 1]), [2, 1])
})

test('encodeSample() puts one BOS before the label, also where the prompt is empty', () => {
  const sample = (post_processor: unknown, prompt: string) =>
    encodeSample(tokenizerOf(post_processor), { prompt, response: 'ab' })
  for (const post_processor of [withBos, null]) {
    assert.deepEqual(sample(post_processor, ''), { tokens: [bos, 2, end], labelStart: 1 })
  }
  assert.deepEqual(sample(withBos, 'b'), { tokens: [bos, 1, 2, end], labelStart: 2 })
})

test('encodePrompt() for nano gives the ids that the tokenizer alone gives', async () => {
  const nano = await openTokenizer('src/nano/model')
  for (const text of ['', 'Here is a list.\nTask 1: Sort 3 1 2\nTask 2:']) {
    assert.deepEqual(encodePrompt(nano, text), nano.encode(text))
  }
})
