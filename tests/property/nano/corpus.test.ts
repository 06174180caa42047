/** Laws of the corpus, for any seed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../src/core/random.ts'
import type { Example } from '../../../src/data/example.ts'
import { badInstance, badInstruction, createSimilarityFilter, wholeText } from '../../../src/fedpit/filters.ts'
import {
  heldOutDesk,
  practiceDesk,
  examplesOf as tasksOfDesk,
  taskText,
  trainingDesk,
} from '../../../src/nano/corpus/desk.ts'
import { heldOutDocument, trainingDocument } from '../../../src/nano/corpus/documents.ts'
import { type Family, families } from '../../../src/nano/corpus/families.ts'
import { textOf } from '../../../src/nano/corpus/shapes.ts'

const seeds = fc.integer().map(String)
const heldOut = families.filter(({ split }) => split === 'heldOut')
const examplesOf = (family: Family, count: number, seed: string): Example[] => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => family.make(random))
}

/** Another response: a letter more, fewer or changed. */
function spoil(response: string, at: number): string {
  const i = at % response.length
  return [
    `${response}!`,
    response.slice(0, i) + response.slice(i + 1),
    `${response.slice(0, i)}%${response.slice(i + 1)}`,
  ][at % 3] as string
}

test('accepts: every example that a settled family makes, and none with a spoilt response', () => {
  for (const family of families) {
    for (const [i, example] of examplesOf(family, 3, family.id).entries()) {
      assert.equal(family.accepts(example), true, `${family.id}: ${JSON.stringify(example)}`)
      const response = spoil(example.response, i + example.instruction.length)
      assert.equal(family.accepts({ ...example, response }), false, `${family.id}: ${response}`)
    }
  }
})

test('accepts: the same for families whose house is drawn for one document', () => {
  fc.assert(
    fc.property(seeds, fc.nat(), (seed, at) => {
      const random = createRandom(seed)
      for (const family of trainingDesk(random, false)) {
        const example = family.make(random)
        assert.equal(family.accepts(example), true, `${family.id}: ${JSON.stringify(example)}`)
        assert.equal(family.accepts({ ...example, response: spoil(example.response, at) }), false)
      }
    }),
    { numRuns: 300 },
  )
})

test('accepts: the response of another task only where it is right here, too', () => {
  for (const family of heldOut) {
    const [one, other] = examplesOf(family, 2, 'two') as [Example, Example]
    assert.equal(family.accepts({ ...one, response: other.response }), one.response === other.response, family.id)
  }
})

test('answer: no task of a held-out family is one of a training family', () => {
  for (const family of heldOut) {
    for (const example of examplesOf(family, 2, 'apart')) {
      assert.deepEqual(
        families.filter(({ split, answer }) => split === 'train' && answer(example) !== undefined),
        [],
      )
    }
  }
})

test('documents: a pure function of the seed, short, and hardly ever the same for two', () => {
  for (const document of [trainingDocument, heldOutDocument]) {
    const texts = Array.from({ length: 1000 }, (_, i) => textOf(document(createRandom(i))))
    assert.deepEqual(
      texts.slice(0, 50),
      texts.slice(0, 50).map((_, i) => textOf(document(createRandom(i)))),
    )
    assert.ok(new Set(texts).size > 990)
    assert.ok(texts.every(({ length }) => length > 25 && length < 2700))
    const mean = texts.reduce((sum, { length }) => sum + length, 0) / texts.length
    assert.ok(mean > 500 && mean < 1100, `${mean} characters`)
  }
})

test('desks: where inputs are listed, all tasks of a document share one instruction', () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(trainingDesk, heldOutDesk), (seed, draw) => {
      const random = createRandom(seed)
      const desk = draw(random, false)
      if (!desk.some(({ varies }) => varies === 'input')) return
      assert.equal(desk.length, 1)
      const made = Array.from({ length: 8 }, () => desk[0]?.make(random))
      assert.equal(new Set(made.map((example) => example?.instruction)).size, 1)
    }),
    { numRuns: 200 },
  )
})

test('held-out families: 2,000 examples are at least 80 % distinct, except where all tasks are few', () => {
  for (const family of heldOut) {
    const distinct = new Set(examplesOf(family, 2000, 'distinct').map(taskText)).size
    assert.ok(distinct >= 1600, `${family.id}: ${distinct}`)
  }
})

test('training families: 300 examples are at least 80 % distinct in all kinds but those of short phrases', () => {
  const small = /^(lookup|plural|opposite|invented-language|affix-language)/
  for (const family of families.filter(({ split, trade }) => split === 'train' && trade === 'hotel')) {
    const distinct = new Set(examplesOf(family, 300, 'distinct').map(taskText)).size
    const least = small.test(family.id) ? 60 : 240
    assert.ok(distinct >= least, `${family.id}: ${distinct}`)
  }
})

test('held-out families: their data passes the rules of FedPIT', () => {
  for (const family of heldOut) {
    for (const example of examplesOf(family, 100, 'rules')) {
      assert.equal(badInstruction(taskText(example), true), false, taskText(example))
      assert.equal(badInstance(example, true), false, JSON.stringify(example))
    }
  }
})

test('held-out families: most new tasks are no copies of 24 others, as texts and as whole examples', () => {
  for (const family of heldOut) {
    const [known, tried] = [examplesOf(family, 24, 'known'), examplesOf(family, 50, 'tried')]
    const tasks = createSimilarityFilter(known.map(taskText))
    const wholes = createSimilarityFilter(known.map(wholeText))
    const passed = tried.filter((example) => tasks.nearest(taskText(example)) <= 0.7)
    const fresh = passed.filter((example) => wholes.nearest(wholeText(example)) <= 0.7)
    assert.ok(passed.length >= 40, `${family.id}: ${passed.length} of 50 tasks`)
    assert.ok(fresh.length >= 30, `${family.id}: ${fresh.length} of 50 examples`)
  }
})

test('examplesOf: no task twice in a document; tasks kept apart are no copies by the rule of FedPIT', () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(trainingDesk, heldOutDesk), fc.boolean(), (seed, draw, apart) => {
      const random = createRandom(seed)
      const tasks = tasksOfDesk(draw(random, false), 12, apart, random, { least: 350, most: 2200 }).map((example) =>
        apart ? taskText(example) : `${example.instruction} ${example.input}`,
      )
      assert.equal(new Set(tasks).size, tasks.length)
      if (!apart) return
      for (const [i, task] of tasks.entries()) {
        assert.ok(createSimilarityFilter(tasks.slice(0, i)).nearest(task) <= 0.7, tasks.join('\n'))
      }
    }),
    { numRuns: 200 },
  )
})

test('trainingDocument: answers mostly follow a layout that the document alone shows', () => {
  // The first letters of a list's replies: in a house of its own they hardly ever are those of another document.
  const plain = Array.from({ length: 1000 }, (_, i) => textOf(trainingDocument(createRandom(`layout ${i}`))))
    .map((text) => [...text.matchAll(/^Output: (.*)$/gm)].map(([, output]) => output as string))
    .filter(({ length }) => length > 1)
    .map((outputs) => outputs.every((output) => /^[A-Za-z0-9 ,:;.-]+$/.test(output)))
  const share = plain.filter(Boolean).length / plain.length
  assert.ok(plain.length > 300)
  assert.ok(share > 0.15 && share < 0.6, `${share} of documents have answers without signs`)
})

test('marks: of every task none is wrong; of a spoilt one a character is where the family does not take it', () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(practiceDesk, heldOutDesk, trainingDesk), fc.nat(), (seed, draw, at) => {
      const random = createRandom(seed)
      for (const family of draw(random, false)) {
        const example = family.make(random)
        const task = taskText(example)
        assert.match(family.marks(task), /^[sf]+$/)
        assert.equal(family.marks(task).length, task.length)
        const other = spoil(task, at)
        const spoilt = family.answer(family.varies === 'input' ? { ...example, input: other } : { instruction: other })
        assert.equal(family.marks(other).includes('w'), spoilt === undefined, `${other}\n${family.marks(other)}`)
      }
    }),
    { numRuns: 300 },
  )
})
