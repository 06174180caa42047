import assert from 'node:assert/strict'
import test from 'node:test'
import { mergesFromScores } from '../../../../src/tokenizer/gguf/merges-from-scores.ts'

const pieces = (...list: [string, number][]) => list.map(([text, score]) => ({ text, score }))

test('mergesFromScores() gives every way to cut a piece into two pieces, best score first', () => {
  const given = pieces(['a', -9], ['b', -9], ['c', -9], ['bc', -2], ['ab', -1], ['abc', -3], ['xyz', -4])
  assert.deepEqual(mergesFromScores(given, 10), [
    ['a', 'b'],
    ['b', 'c'],
    ['ab', 'c'],
    ['a', 'bc'],
  ])
})

test('mergesFromScores() orders equal scores by left part, right part and place in the vocabulary', () => {
  const given = pieces(['a', 0], ['b', 0], ['ba', 0], ['aab', 0], ['ab', 0], ['aa', 0])
  assert.deepEqual(mergesFromScores(given, 10), [
    ['aa', 'b'],
    ['a', 'ab'],
    ['b', 'a'],
    ['a', 'b'],
    ['a', 'a'],
  ])
})

test('mergesFromScores() cuts between characters, not within a surrogate pair', () => {
  assert.deepEqual(mergesFromScores(pieces(['😀', 0], ['é', 0], ['😀é', 0], ['\ud83d', 0], ['\ude00', 0]), 10), [
    ['😀', 'é'],
  ])
})

test('mergesFromScores() gives nothing over its limit', () => {
  const given = pieces(['a', 0], ['aa', 0], ['aaa', 0])
  assert.equal(mergesFromScores(given, 3)?.length, 3)
  assert.equal(mergesFromScores(given, 2), undefined)
})
