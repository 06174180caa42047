import assert from 'node:assert/strict'
import test from 'node:test'
import { chooseResult, type Standing } from '../../../peers/behaviour/averaging/choose-result.ts'

const claim = (digest: string, value = 0) => ({ peer: `of ${digest}`, digest, sketch: [value] })
const standing: Standing = { mixed: [], settled: [], members: 3, obtainable: () => true, late: false }

test('chooseResult() takes the central state first, never the outlier, and the smallest digest of equals', () => {
  const mixed = [claim('a', 900), claim('c', 10), claim('b', 11), claim('d', 10)]
  assert.equal(chooseResult({ ...standing, mixed }), 'c')
  assert.equal(chooseResult({ ...standing, mixed, obtainable: (digest) => digest !== 'c' }), 'b')
  assert.equal(chooseResult(standing), undefined)
})

test('chooseResult() follows more than half of the members, and else stands by its choice', () => {
  const mixed = [claim('a'), claim('b'), claim('c')]
  assert.equal(chooseResult({ ...standing, mixed, settled: [claim('c'), claim('c')] }), 'c')
  assert.equal(chooseResult({ ...standing, mixed, settled: [claim('c')], held: 'b' }), 'b')
  assert.equal(chooseResult({ ...standing, mixed, settled: [claim('c'), claim('c')], held: 'b' }), 'c')
})

test('chooseResult() breaks a tie of all by the smallest digest, and when time is short takes the leader', () => {
  const tie = [claim('c'), claim('b')]
  assert.equal(chooseResult({ ...standing, settled: tie, held: 'd' }), 'b')
  assert.equal(chooseResult({ ...standing, settled: tie, held: 'a' }), 'a')
  assert.equal(chooseResult({ ...standing, mixed: [claim('x')], settled: [claim('c')], late: true }), 'c')
})
