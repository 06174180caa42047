import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alternate, compare, type Side } from '../../../../scripts/bench/comparison.ts'

const side = (best: number, median: number, peakMemoryMB: number): Side => ({
  tokensPerSecond: { best, median },
  peakMemoryMB,
})

test('compare divides best by best, the median of medians by the other, and the largest memories', () => {
  const ours = [side(300, 200, 900), side(500, 100, 1000), side(400, 250, 800)]
  const theirs = [side(100, 80, 1500), side(200, 50, 2000), side(250, 40, 1000)]
  const { fedpit, pytorch, ratio } = compare(ours, theirs)
  assert.deepEqual(fedpit, side(500, 200, 1000))
  assert.deepEqual(pytorch, side(250, 50, 2000))
  assert.deepEqual(ratio, { tokensPerSecond: { best: 2, median: 4 }, peakMemory: 0.5 })
})

test('compare keeps what else the last run says', () => {
  const { pytorch } = compare([side(1, 1, 1)], [{ ...side(1, 1, 1), torch: '2.0' }])
  assert.equal(pytorch.torch, '2.0')
})

test('alternate runs one whole process at a time, ours and theirs by turns, and notes each pair', async () => {
  const [events, notes]: [string[], string[]] = [[], []]
  const run = (name: string, median: number) => async () => {
    events.push(`${name} begins`)
    await new Promise((done) => setImmediate(done))
    events.push(`${name} ends`)
    return side(median, median, 1)
  }
  await alternate({
    alternations: 2,
    note: (line) => void notes.push(line),
    fedpit: run('fedpit', 30),
    pytorch: run('pytorch', 20),
  })
  const once = ['fedpit begins', 'fedpit ends', 'pytorch begins', 'pytorch ends']
  assert.deepEqual(events, [...once, ...once])
  assert.deepEqual(notes, ['alternation 1 of 2: 30 and 20 tokens/s', 'alternation 2 of 2: 30 and 20 tokens/s'])
})
