import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { drawExercise } from '../../../../src/nano/corpus/exercise.ts'

const exercises = Array.from({ length: 150 }, (_, i) => drawExercise(createRandom(`exercise ${i}`)))
const listedIn = (prompt: string): string[] =>
  [...prompt.matchAll(/^Task \d+: (.+)$/gm)].map(([, task]) => task as string)

test('drawExercise() lists four to nine tasks and asks for the next, as self-generation does', () => {
  for (const { prompt } of exercises) {
    const listed = listedIn(prompt)
    assert.ok(listed.length >= 4 && listed.length <= 9)
    assert.ok(prompt.endsWith(`\nTask ${listed.length + 1}:`), prompt)
  }
})

test('drawExercise() judges: a listed task is copied, one with a new end none at all, and all is right but its end', () => {
  for (const { prompt, judge } of exercises) {
    for (const task of listedIn(prompt)) {
      const { verdict, marks } = judge(task)
      assert.equal(verdict, 'copied')
      assert.match(marks, /^[sf]+$/)
      assert.equal(marks.length, task.length)
      const longer = judge(`${task} %`)
      assert.equal(longer.verdict, 'wrong')
      assert.ok(longer.marks.includes('w'), `${task}: ${longer.marks}`)
    }
    assert.equal(judge('').verdict, 'wrong')
  }
})

test('drawExercise() calls a task right that is none of the list: what another list of its family has', () => {
  // The values of two listed tasks of one sentence, crossed, make a new task.
  const right = exercises.flatMap(({ prompt, judge }) => {
    const listed = listedIn(prompt)
    return listed.flatMap((one) =>
      listed.flatMap((other) => {
        const [a, b] = [one.split(' '), other.split(' ')]
        if (a.length !== b.length || one === other) return []
        const at = a.findIndex((word, i) => word !== b[i])
        const crossed = a.map((word, i) => (i === at ? b[i] : word)).join(' ')
        return judge(crossed).verdict === 'right' ? [crossed] : []
      }),
    )
  })
  assert.ok(right.length > 50, `${right.length} crossed tasks are right`)
})
