import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from '../../../protocols/hello/differences.ts'

const terms = { version: 1, federation: 'north', model: 'aa', layout: 'bb', capabilities: { mode: 'isolated' } }

test('differences() is empty for equal terms', () => {
  assert.equal(differences(terms, { ...terms, capabilities: { mode: 'isolated' } }), '')
})

test('differences() names every difference with both values', () => {
  const theirs = { ...terms, federation: 'south', model: 'cc', layout: 'dd', capabilities: { topology: 'ring' } }
  assert.equal(
    differences(terms, theirs),
    'federation differs: expected north, got south; base model differs: expected aa, got cc; ' +
      'adapter layout differs: expected bb, got dd; mode differs: expected isolated, got none; ' +
      'topology differs: expected none, got ring',
  )
})

test('differences() judges nothing else in another protocol version', () => {
  assert.equal(
    differences(terms, { ...terms, version: 2, federation: 'south' }),
    'protocol version differs: expected 1, got 2',
  )
})
