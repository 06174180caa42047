import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { withoutMerges } from '../../../../src/nano/tokenizer/pieces.ts'
import { trainBytePairs } from '../../../../src/nano/tokenizer/train-bpe.ts'
import { createTokenizer } from '../../../../src/tokenizer/tokenizer.ts'

const text = 'Greenhill 1423, Greenhill 2314, green hills of Harlow, Harlow 4231.'
const files = trainBytePairs(
  Array.from({ length: 5 }, () => text),
  280,
)
const idsWithout = (share: number, seed = 'pieces') =>
  createTokenizer(withoutMerges(files, share, createRandom(seed))).encode(text)

test('withoutMerges(): the same text in more pieces, by ids of the same vocabulary', () => {
  const tokenizer = createTokenizer(files)
  const counts = [0, 0.3, 1].map((share) => idsWithout(share).length)
  assert.deepEqual(idsWithout(0), tokenizer.encode(text))
  assert.ok((counts[0] as number) < (counts[1] as number) && (counts[1] as number) < (counts[2] as number), `${counts}`)
  for (const seed of ['a', 'b', 'c']) assert.equal(tokenizer.decode(idsWithout(0.5, seed)), text)
})

test('withoutMerges(): a word is cut alike wherever it stands', () => {
  const { encode } = createTokenizer(withoutMerges(files, 0.5, createRandom('pieces')))
  const [once, twice] = [encode(' Harlow'), encode(' Harlow of Harlow')]
  assert.deepEqual(twice.slice(0, once.length), once)
  assert.deepEqual(twice.slice(-once.length), once)
})

test('withoutMerges(): pairs of digits and first letters with their space stay', () => {
  const tokenizer = createTokenizer(files)
  const pieces = idsWithout(1).map((id) => tokenizer.decode([id]))
  const merged = pieces.filter((piece) => piece.length > 1)
  assert.ok(merged.length > 0)
  assert.deepEqual(
    merged.filter((piece) => !/^(?: .|\d\d)$/.test(piece)),
    [],
  )
})
