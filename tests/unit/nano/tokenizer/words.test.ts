import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { byteCharacters, cut } from '../../../../src/nano/tokenizer/words.ts'
import { anyCharacter } from '../../../fixtures/any-character.ts'

test('cut() cuts as GPT-2 does, with digits in pairs', () => {
  const cases: Record<string, string[]> = {
    'Hello, world!': ['Hello', ',', ' world', '!'],
    "we'll don't": ['we', "'ll", ' don', "'t"],
    'a  b\n\n c ': ['a', ' ', ' b', '\n\n', ' c', ' '],
    'room 12031b': ['room', ' ', '12', '03', '1', 'b'],
    ' x ½٣': [' x', ' ', '½٣'],
    'naïve 東京!? ...': ['naïve', ' 東京', '!?', ' ...'],
    '': [],
  }
  for (const [text, words] of Object.entries(cases)) assert.deepEqual(cut(text), words, JSON.stringify(text))
})

test('cut() loses no character of any text', () => {
  fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => assert.equal(cut(text).join(''), text)))
})

test('byteCharacters are 256 different visible characters, as in the vocabulary of GPT-2', () => {
  assert.equal(new Set(byteCharacters).size, 256)
  assert.ok(byteCharacters.every((character) => /^[^\s\p{C}]$/u.test(character)))
  const known = { 10: 'Ċ', 32: 'Ġ', 65: 'A', 127: 'ġ', 160: 'ł', 173: 'Ń', 255: 'ÿ' }
  for (const [byte, character] of Object.entries(known)) assert.equal(byteCharacters[Number(byte)], character)
})
