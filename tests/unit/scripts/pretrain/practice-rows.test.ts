import assert from 'node:assert/strict'
import { test } from 'node:test'
import { practiceBatches, practiceRows, type WrittenLine } from '../../../../scripts/pretrain/practice-rows.ts'

/** Three tokens of two characters, and the one that ends the line. */
const line = (marks: string, verdict: WrittenLine['verdict'], again = false): WrittenLine => ({
  ...{ marks, verdict, again },
  ids: [1, 2, 3, 4],
  ends: [2, 4, 6, 7],
})
const right = line('ssffss', 'right')
/** Of other tokens. */
const as = (written: WrittenLine, id: number): WrittenLine => ({ ...written, ids: [id, ...written.ids.slice(1)] })
const weightsOf = (other: WrittenLine): (readonly number[])[] =>
  practiceRows([9], [right, other]).map(({ weights }) => weights)

test('practiceRows() makes what a right line says more likely, and a wrong one less up to its first wrong word', () => {
  assert.deepEqual(weightsOf(line('ssffww', 'wrong')), [
    [1, 0, 1, 1],
    [-1, 0, -1],
  ])
  assert.deepEqual(weightsOf(line('w', 'wrong'))[1], [-1])
  // The line ends too early: to end it is what was wrong.
  assert.deepEqual(weightsOf(line('ssffssw', 'wrong'))[1], [-1, 0, -1, -1])
})

test('practiceRows() lays a copy, of the list or of a line before, on the values that were free', () => {
  for (const copy of [line('ssffss', 'copied'), line('ssffss', 'right', true)])
    assert.deepEqual(weightsOf(copy)[1], [0, -1, 0, 0])
})

test('practiceRows() has the same line once, and with the weight of its whole sort where it is all of it', () => {
  const wrong = line('w', 'wrong')
  const [one, two, ...others] = practiceRows([9], [right, right, right, as(wrong, 5)])
  assert.deepEqual(others, [])
  assert.ok(Math.abs((one?.weights[0] ?? 0) - Math.sqrt(3) / 2) < 1e-12)
  assert.equal(two?.weights[0], -(one?.weights[0] as number))
})

test('practiceRows() has two lines of either sort at most, both sorts alike, and nothing of lists that tell nothing', () => {
  const wrong = line('w', 'wrong')
  const [one, two, ...others] = practiceRows([9], [right, wrong, as(wrong, 5), as(wrong, 6)])
  assert.equal(others.length, 1)
  assert.ok(Math.abs((one?.weights[0] ?? 0) - Math.sqrt(3) / 2) < 1e-12)
  assert.equal(two?.weights[0], -(one?.weights[0] as number) / 2)
  const three = (sort: WrittenLine): WrittenLine[] => [sort, as(sort, 5), as(sort, 6)]
  assert.equal(practiceRows([9], [...three(right), ...three(wrong)]).length, 4)
  assert.deepEqual([practiceRows([9], [right, right]), practiceRows([9], [wrong, wrong])], [[], []])
})

test('practiceBatches() puts weights where their tokens are predicted, and they add up to 1 without signs', () => {
  const rows = Array.from(
    { length: 9 },
    (_, i) => practiceRows([7, 8, 9].slice(i % 3), [right, line('w', 'wrong')])[i % 2],
  ).map((row) => row ?? assert.fail())
  const batches = practiceBatches(rows)
  assert.deepEqual(
    batches.map(({ batch, length }) => [batch, length]),
    [
      [8, 256],
      [8, 256],
    ],
  )
  const all = batches.flatMap(({ weights }) => [...weights])
  assert.ok(Math.abs(all.reduce((sum, weight) => sum + Math.abs(weight), 0) - 1) < 1e-6)
  for (const { tokens, labels, weights, length } of batches) {
    for (const [i, weight] of weights.entries()) {
      if (weight === 0) continue
      const expected = weight > 0 ? [1, 3, 4] : [1]
      assert.ok(expected.includes(labels[i] as number))
      // The token before: of the line, or the last of the prompt.
      assert.equal(tokens[i], labels[i] === 1 ? 9 : (labels[i] as number) - 1)
      assert.ok(i % length < 6)
    }
  }
})

test('practiceBatches() takes the shortest length that its rows fit in, and refuses longer ones than there are', () => {
  const row = (length: number) => ({ prompt: new Array(length - 1).fill(1), line: [2, 3], weights: [1, 1] })
  const lengthsOf = (...lengths: number[]) => practiceBatches(lengths.map(row)).map(({ length }) => length)
  assert.deepEqual(lengthsOf(256), [256])
  assert.deepEqual(lengthsOf(20, 257), [320])
  assert.deepEqual(lengthsOf(640), [640])
  assert.throws(() => lengthsOf(641), /expected a row of 640 positions, got 641/)
  assert.deepEqual(lengthsOf(), [])
  // Nothing to learn from is no batch, and no division by zero.
  assert.deepEqual(practiceBatches([{ prompt: [1], line: [2], weights: [0] }]), [])
})
