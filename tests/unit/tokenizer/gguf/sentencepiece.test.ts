import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { GgufValue } from '../../../../src/model/gguf/read.ts'
import { tokenizerFromGguf } from '../../../../src/tokenizer/from-gguf.ts'
import { createTokenizer } from '../../../../src/tokenizer/tokenizer.ts'

const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)
/** Enough to merge the characters of `</s>` and `<0x0A>` if these were ordinary pieces. */
const words = [
  '▁',
  'u',
  'n',
  'k',
  '<',
  '/',
  's',
  '>',
  '0',
  'x',
  'A',
  'h',
  'i',
  '</',
  's>',
  '<0x',
  '0A',
  '0A>',
  'hi',
  '▁hi',
  '▁▁',
]
const tokens = ['<unk>', '<s>', '</s>', ...bytes, '<think>', ...words]
const types = tokens.map((_, i) => (i === 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : i === 259 ? 4 : 1))
const valid: Readonly<Record<string, GgufValue>> = {
  'ggml.model': 'llama',
  'ggml.tokens': tokens,
  'ggml.scores': tokens.map((_, i) => -i),
  'ggml.token_type': types,
  'ggml.bos_token_id': 1,
  'ggml.eos_token_id': 2,
}

function read(changes: Readonly<Record<string, GgufValue | undefined>> = {}) {
  const entries = Object.entries({ ...valid, ...changes }).flatMap(([key, value]) =>
    value === undefined ? [] : [[`tokenizer.${key}`, value] as const],
  )
  return tokenizerFromGguf({ path: 'a.gguf', metadata: new Map(entries), tensors: new Map() })
}

/** Without the piece that stands for spaces, and the mark that TextDecoder takes away. */
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !/[\u2581\uFEFF]/.test(value))

test('createTokenizer() of SentencePiece pieces gives back every text that it has encoded', () => {
  const tokenizer = createTokenizer(read())
  fc.assert(
    fc.property(text, (value) => assert.equal(tokenizer.decode(tokenizer.encode(value)), value)),
    {
      numRuns: 200,
    },
  )
})

test('TokenStream.push() holds bytes back until a character is whole', () => {
  const tokenizer = createTokenizer(read())
  const stream = tokenizer.stream()
  const pushed = tokenizer.encode('hi 😀é hi').map((id) => stream.push(id))
  assert.deepEqual(pushed, ['hi', ' ', '', '', '', '😀', '', 'é', ' hi'])
  assert.equal(stream.flush(), '')
  fc.assert(
    fc.property(text, (value) => {
      const pieces = tokenizer.encode(value).map((id) => stream.push(id))
      assert.equal(pieces.join('') + stream.flush(), value)
      assert.ok(value.includes('\uFFFD') || pieces.every((piece) => piece.isWellFormed() && !piece.includes('\uFFFD')))
    }),
    { numRuns: 100 },
  )
})

test('Tokenizer.encode() never makes a control or a byte token of the characters that spell it', () => {
  const tokenizer = createTokenizer(read())
  for (const spelt of ['</s>', '<0x0A>', '<s>', '<unk>']) {
    const ids = tokenizer.encode(spelt)
    assert.ok(
      ids.every((id) => types[id] === 1),
      `${spelt}: ${ids}`,
    )
    assert.equal(tokenizer.decode(ids), spelt)
  }
  assert.deepEqual(tokenizer.encode('</s>', { special: true }), [2])
})

test('Tokenizer.encode() without byte tokens gives what it does not know as <unk>', () => {
  const few = ['<unk>', '</s>', '▁', 'h', 'i', 'hi', '▁hi']
  const changes = { 'ggml.token_type': [2, 3, 1, 1, 1, 1, 1], 'ggml.scores': few.map((_, id) => -id) }
  const tokenizer = createTokenizer(read({ ...changes, 'ggml.tokens': few, 'ggml.eos_token_id': 1 }))
  assert.deepEqual(tokenizer.encode('hi éé hi'), [6, 2, 0, 6])
})

test('Tokenizer.encode() finds a piece that the user defined anywhere, special tokens or not', () => {
  const tokenizer = createTokenizer(read())
  const expected = ['▁hi', '<think>', '▁hi'].map((token) => tokens.indexOf(token))
  assert.deepEqual(tokenizer.encode('hi<think>hi'), expected)
  assert.deepEqual(tokenizer.encode('hi<think>hi', { special: true }), expected)
})

test('Tokenizer.encodeChat() is not misled by a control token without text', () => {
  const chatTemplate = '{% for m in messages %}{{ m.content + eos_token }}{% endfor %}'
  const names = tokens.map((token) => (token === '<s>' ? '' : token))
  const tokenizer = createTokenizer(read({ 'ggml.tokens': names, chat_template: chatTemplate }))
  const chat = tokenizer.encodeChat([{ role: 'user', content: 'hi</s>' }], { generationPrompt: false })
  assert.deepEqual(chat, [...tokenizer.encode('hi</s>'), 2])
})

test('tokenizerFromGguf() takes bos, the ends and the template from the metadata', () => {
  const { bos, ends, config, chatTemplate } = read({ chat_template: '{{ bos_token }}', 'ggml.eot_token_id': 7 })
  assert.deepEqual([bos, ends, config], [1, [7, 2], { bos_token: '<s>', eos_token: '</s>', add_bos_token: true }])
  assert.equal(chatTemplate, '{{ bos_token }}')
})

test('tokenizerFromGguf() begins plain text with BOS as the file says, or else as llama.cpp does', () => {
  const bytePairs = { 'ggml.model': 'gpt2', 'ggml.merges': ['h i'] }
  const cases: [Readonly<Record<string, GgufValue>>, readonly number[]][] = [
    [{}, [1]],
    [{ 'ggml.add_bos_token': false }, []],
    [bytePairs, []],
    [{ ...bytePairs, 'ggml.add_bos_token': true }, [1]],
    [{ ...bytePairs, 'ggml.pre': 'llama-bpe' }, [1]],
    [{ ...bytePairs, 'ggml.pre': 'llama-bpe', 'ggml.add_bos_token': false }, []],
  ]
  for (const [changes, begin] of cases) {
    assert.deepEqual(createTokenizer(read(changes)).begin, begin, JSON.stringify(changes))
  }
})

test('tokenizerFromGguf() refuses pieces that disagree or would cost too much, and names the key', () => {
  const with1 = (list: readonly GgufValue[], at: number, value: GgufValue) => list.map((x, i) => (i === at ? value : x))
  const scores = valid['ggml.scores'] as number[]
  const of = (list: readonly string[]) => ({
    'ggml.tokens': [...tokens, ...list],
    'ggml.scores': [...scores, ...list.map(() => 0)],
    'ggml.token_type': [...types, ...list.map(() => 1)],
  })
  const runs = (letter: string) => Array.from({ length: 128 }, (_, i) => letter.repeat(i + 1))
  const letters = Array.from({ length: 130 }, (_, i) => String.fromCodePoint(0x4e00 + i))
  const long = Array.from({ length: 65_000 }, (_, i) => String(i).padStart(128, '.'))
  const cases: [Record<string, GgufValue | undefined>, RegExp][] = [
    [{ 'ggml.model': 't5' }, /tokenizer\.ggml\.model: expected gpt2 .* or llama .* Hugging Face directory, got t5/],
    [{ 'ggml.model': 'bert' }, /ggml\.model: expected gpt2 .* got bert/],
    [{ 'ggml.model': undefined }, /ggml\.model: expected gpt2 .* got undefined/],
    [{ 'ggml.tokens': [1, 2] }, /ggml\.tokens: expected a list of strings, got object/],
    [{ 'ggml.scores': undefined }, /ggml\.scores: expected a list of numbers, got undefined/],
    [{ 'ggml.scores': scores.slice(1) }, /ggml\.scores: expected 281 numbers, one for each token, got 280/],
    [{ 'ggml.scores': with1(scores, 5, Number.NaN) }, /ggml\.scores: expected finite numbers, got NaN/],
    [{ 'ggml.scores': with1(scores, 5, -Infinity) }, /ggml\.scores: expected finite numbers, got -Infinity/],
    [{ 'ggml.token_type': [...types, 1] }, /ggml\.token_type: expected 281 numbers, one for each token, got 282/],
    [{ 'ggml.token_type': with1(types, 9, 'x') }, /ggml\.token_type: expected finite numbers, got x/],
    [{ 'ggml.tokens': with1(tokens, 9, 'hi') }, /ggml\.tokens: expected 281 different tokens, got 280/],
    [{ 'ggml.tokens': with1(tokens, 9, '<0xZZ>') }, /ggml\.tokens: expected byte tokens from .*, got <0xZZ>/],
    [
      { 'ggml.token_type': types.map((type) => (type === 1 ? 1 : 3)) },
      /256 byte tokens or an unknown token, got 0 byte/,
    ],
    [{ 'ggml.unknown_token_id': 281 }, /ggml\.unknown_token_id: expected an id below 281, got 281/],
    [{ 'ggml.eos_token_id': -1 }, /ggml\.eos_token_id: expected an id below 281, got -1/],
    [{ 'ggml.add_space_prefix': 1 }, /ggml\.add_space_prefix: expected true or false, got 1/],
    [of(['y'.repeat(129)]), /ggml\.tokens: expected pieces of at most 128 characters, got 129/],
    [of(long), /ggml\.tokens: expected pieces of at most 8000000 characters together, got 83200\d\d/],
    [of(letters.flatMap(runs)), /ggml\.tokens: expected pieces made by at most 1000000 merges, got more/],
  ]
  for (const [changes, message] of cases) {
    assert.throws(() => read(changes), { code: 'tokenizer.gguf', message }, String(message))
  }
})
