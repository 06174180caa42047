import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findHome, findModel } from '../../../src/cli/home.ts'

test('findModel() says how to fetch a model that is in the catalogue, and of no other', () => {
  const home = findHome({ FEDPIT_HOME: '/nowhere/at/all' })
  assert.throws(() => findModel('smollm2-135m-instruct', home), {
    code: 'cli.model',
    message: /\(none\)\. "fedpit models pull smollm2-135m-instruct" fetches it$/,
  })
  assert.throws(() => findModel('nosuch', home), {
    code: 'cli.model',
    message: /^Cannot find model nosuch: .*\(none\)$/,
  })
})
