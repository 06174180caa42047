import assert from 'node:assert/strict'
import test from 'node:test'
import { codecs } from '../../src/averaging/codecs/by-name.ts'
import { type Broken, runLedgerWorld } from './ledger-world.ts'

test('the ledger conserves the sum to the last integer and ends every doubt, whatever is lost, doubled, late or dies', () => {
  let commits = 0
  let crashes = 0
  for (let seed = 0; seed < 1500; seed++) {
    const world = runLedgerWorld({ seed: String(seed), loss: 0.1 + (seed % 3) / 10 })
    assert.deepEqual(world.after, world.before, `seed ${seed}: the sum moved`)
    assert.equal(world.doubts, 0, `seed ${seed}: in doubt after everything healed`)
    assert.ok(world.cached, `seed ${seed}: memory and journal differ`)
    commits += world.commits
    crashes += world.crashes
  }
  assert.ok(commits > 3000 && crashes > 3000, `${commits} commits, ${crashes} crashes: too little happened`)
})

for (const codec of codecs.filter(({ exact }) => !exact)) {
  test(`the ledger conserves the sum to the last integer where states are said in ${codec.name}`, () => {
    let unlike = 0
    for (let seed = 0; seed < 200; seed++) {
      const world = runLedgerWorld({ seed: String(seed), loss: 0.1 + (seed % 3) / 10, codec })
      assert.deepEqual(world.after, world.before, `seed ${seed}: the sum moved`)
      assert.equal(world.doubts, 0, `seed ${seed}: in doubt after everything healed`)
      assert.ok(world.cached, `seed ${seed}: memory and journal differ`)
      if (String(world.values) !== String(runLedgerWorld({ seed: String(seed), loss: 0.1 + (seed % 3) / 10 }).values))
        unlike += 1
    }
    assert.ok(unlike > 50, `${unlike} of 200 runs ended otherwise than without a loss: too little was lost`)
  })
}

test('EX-17: the ledger conserves the sum to the last integer where every peer lets itself be pulled a little only', () => {
  let clipped = 0
  for (let seed = 0; seed < 200; seed++) {
    const world = runLedgerWorld({ seed: String(seed), clip: true })
    assert.deepEqual(world.after, world.before, `seed ${seed}: the sum moved`)
    assert.equal(world.doubts, 0, `seed ${seed}: in doubt after everything healed`)
    // A third of the longest reach, and what rounding adds.
    assert.ok(world.longest <= 10_000 / 3 + 1, `seed ${seed}: a step of ${world.longest}`)
    if (runLedgerWorld({ seed: String(seed) }).longest > 10_000 / 3 + 1) clipped += 1
  }
  assert.ok(clipped > 50, `${clipped} of 200 runs have longer steps without: too few`)
})

const rules: readonly Broken[] = [
  'xid unique per start',
  'prepared before counter',
  'committed before commit',
  'aborted is a promise',
  'the responder never decides alone',
]
for (const broken of rules) {
  test(`the ledger needs the rule "${broken}": without it the sum moves or a doubt stays`, () => {
    for (let seed = 0; seed < 3000; seed++) {
      const { before, after, doubts } = runLedgerWorld({ seed: String(seed), crash: 0.03, broken })
      if (String(before) !== String(after) || doubts > 0) return
    }
    assert.fail('3000 runs without the rule, and nothing went wrong: the simulation cannot see it')
  })
}
