import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { trainingDocument } from '../../../../src/nano/corpus/documents.ts'
import { type Lesson, lessonFamily, stepKinds } from '../../../../src/nano/corpus/lessons.ts'
import { textOf } from '../../../../src/nano/corpus/shapes.ts'

const drawn = (lesson: Lesson) =>
  Array.from({ length: 200 }, (_, i) => {
    const random = createRandom(`${lesson} ${i}`)
    return { family: lessonFamily(lesson, random), random }
  })

test('lessonFamily() of "copy" asks for a stretch of its one sentence, and nothing else', () => {
  for (const { family, random } of drawn('copy')) {
    const [one, other] = [family?.make(random), family?.make(random)]
    assert.ok(one?.response !== undefined && one.instruction.toLowerCase().includes(one.response.toLowerCase()))
    // All that tells two tasks of a family apart is what is asked for.
    assert.equal(one.instruction.replace(one.response, ''), other?.instruction.replace(other.response, ''))
  }
})

test('lessonFamily() brings earlier lessons back, and leaves most of "all" to the whole corpus', () => {
  const shares = (lesson: Lesson) => {
    const ids = drawn(lesson).map(({ family }) => family?.id.split('/')[0] ?? 'corpus')
    return Map.groupBy(ids, (id) => id.replace(/^pattern-.*/, 'answer'))
  }
  assert.deepEqual([...shares('copy').keys()], ['copy'])
  assert.deepEqual([...shares('pick').keys()].sort(), ['copy', 'pick'])
  assert.deepEqual([...shares('answer').keys()].sort(), ['answer', 'copy', 'pick'])
  const all = shares('all')
  assert.deepEqual([...all.keys()].sort(), ['answer', 'corpus', 'pick'])
  assert.ok((all.get('corpus')?.length ?? 0) > 140)
  const wide = shares('wide')
  assert.deepEqual([...wide.keys()].sort(), ['corpus', 'pick'])
  assert.ok((wide.get('corpus')?.length ?? 0) > 160)
  const broad = shares('broad')
  assert.deepEqual([...broad.keys()].sort(), ['answer', 'corpus'])
  assert.ok((broad.get('corpus')?.length ?? 0) > 170)
})

test('stepKinds() begins with one step, and adds others to those before', () => {
  const ids = (['change', 'relate', 'reword', 'belong'] as const).map((lesson) =>
    stepKinds(lesson)?.map(({ id }) => id),
  )
  assert.deepEqual(ids, [
    ['step-change'],
    ['step-change', 'step-relation'],
    ['step-change', 'step-relation', 'step-text', 'step-text'],
    ['step-change', 'step-relation', 'step-text', 'step-record', 'step-belonging', 'step-belonging'],
  ])
  assert.equal(stepKinds('stride'), undefined)
})

test('trainingDocument() of steps: houses of their own, though all are drawn from one stream', () => {
  const random = createRandom('one stream')
  const texts = Array.from({ length: 50 }, () => textOf(trainingDocument(random, 'change')))
  const sentences = texts.flatMap((text) => [
    ...new Set(text.match(/: .*$/gm)?.map((line) => line.replace(/[^a-z ]/g, ''))),
  ])
  assert.ok(new Set(sentences).size > 0.9 * sentences.length, `${new Set(sentences).size} of ${sentences.length}`)
})

test('lessonFamily() gives every example the answer that its own grammar reads', () => {
  for (const lesson of ['copy', 'pick', 'answer'] as const) {
    for (const { family, random } of drawn(lesson)) {
      const example = family?.make(random)
      assert.ok(example !== undefined && family?.accepts(example), JSON.stringify(example))
    }
  }
})
