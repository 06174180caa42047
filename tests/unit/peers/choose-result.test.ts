import assert from 'node:assert/strict'
import test from 'node:test'
import { centralOf, chooseResult, type Standing } from '../../../peers/behaviour/averaging/choose-result.ts'

const claim = (digest: string, value = 0) => ({ peer: `of ${digest}`, digest, sketch: [value], passes: 1 })
const votes = (...digests: string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const digest of digests) counts.set(digest, (counts.get(digest) ?? 0) + 1)
  return counts
}
const standing: Standing = {
  votes: new Map(),
  members: 3,
  obtainable: () => true,
  central: () => undefined,
  late: false,
}

test('centralOf() takes the central state, never the outlier, and the smallest digest of equals', () => {
  const mixed = [claim('a', 900), claim('c', 10), claim('b', 11), claim('d', 10)]
  assert.equal(centralOf(mixed), 'c')
  assert.equal(centralOf(mixed.filter(({ digest }) => digest !== 'c')), 'b')
  assert.equal(centralOf([]), undefined)
})

test('centralOf() of states with one sketch takes the one that most mixed: another may have been made to look like it', () => {
  const claim = (peer: string, digest: string) => ({ peer, digest, sketch: [5, 5], passes: 1 })
  assert.equal(centralOf([claim('p1', 'a'), claim('p2', 'b'), claim('p3', 'b')]), 'b')
})

test('chooseResult() takes the central state first, and nothing where there is none', () => {
  assert.equal(chooseResult({ ...standing, central: () => 'c' }), 'c')
  assert.equal(chooseResult(standing), undefined)
})

test('chooseResult() follows more than half of the members, and else stands by its choice', () => {
  const mixed = { ...standing, central: () => 'a' }
  assert.equal(chooseResult({ ...mixed, votes: votes('c', 'c') }), 'c')
  assert.equal(chooseResult({ ...mixed, votes: votes('c', 'c'), obtainable: (digest) => digest !== 'c' }), 'a')
  assert.equal(chooseResult({ ...mixed, votes: votes('c'), held: 'b' }), 'b')
  assert.equal(chooseResult({ ...mixed, votes: votes('c', 'c'), held: 'b' }), 'c')
})

test('chooseResult() breaks a tie of all by the smallest digest, and when time is short takes the leader', () => {
  const tie = votes('c', 'b')
  assert.equal(chooseResult({ ...standing, votes: tie, held: 'd' }), 'b')
  assert.equal(chooseResult({ ...standing, votes: tie, held: 'a' }), 'a')
  assert.equal(chooseResult({ ...standing, central: () => 'x', votes: votes('c'), late: true }), 'c')
})
