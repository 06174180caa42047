import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneOf, sentences } from '../../../../src/nano/corpus/grammar.ts'
import { furthest } from '../../../../src/nano/corpus/marks.ts'

const slots = {
  item: oneOf(['oak', 'oats', 'elm']),
  n: { pattern: '[1-9]\\d', draw: () => '12' },
}
const marks = (text: string, ...templates: string[]): string => sentences(templates, slots).marks(text, '', '')

test('marks() of a sentence: what it says, and what is free in its gaps', () => {
  assert.equal(marks('Cut oak 12.', 'Cut {item} {n}.'), 'ssssfffsffs')
  // A value again is no choice.
  assert.equal(marks('oak, oak', '{item}, {item}'), 'fffsssss')
})

test('marks() of another text: the first character that no sentence goes on with', () => {
  assert.equal(marks('Cut elk 12.', 'Cut {item} {n}.'), 'ssssffw')
  assert.equal(marks('Cut oak, 12.', 'Cut {item} {n}.'), 'ssssfffw')
  assert.equal(marks('oak, elm', '{item}, {item}'), 'fffssw')
  assert.equal(marks('Cut oak 12. Yes', 'Cut {item} {n}.'), 'ssssfffsffsw')
  // It ends too early.
  assert.equal(marks('Cut oak', 'Cut {item} {n}.'), 'ssssfffw')
  // A made value is wrong as a whole, with what follows it.
  assert.equal(marks('Cut oak 02.', 'Cut {item} {n}.'), 'ssssfffswwww')
  // Two gaps of one slot hold two values.
  assert.equal(marks('oak or oak', '{item} or {item2}'), 'fffsssswww')
})

test('marks() of more sentences: those of the one that goes furthest, and a choice where another goes on otherwise', () => {
  assert.equal(marks('Cut oak now', 'Cut {item} then', 'Cut {item} now'), 'ssssfffsfss')
  assert.equal(marks('Dig oak', 'Cut {item} then', 'Dig {item}'), 'fsssfff')
  assert.equal(marks('Cut oak nix', 'Cut {item} then', 'Cut {item} now'), 'ssssfffsfw')
  assert.equal(furthest(['ssw', 'sww', 'w']), 'ffw')
})

test('marks() with something around the sentence', () => {
  const { marks } = sentences(['Cut {item}.'], slots)
  assert.equal(marks('Do it. Cut oak.', 'Do it. ', ''), 'sssssss' + 'ssssfffs')
  assert.equal(marks('Cut oak. Do so.', '', ' Do it.'), 'ssssfffs' + 'ssssw')
})
