import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { answerExercise, type Exercise, listExercise } from '../../../../src/nano/corpus/exercise.ts'

const exercises = Array.from({ length: 150 }, (_, i) => listExercise(createRandom(`exercise ${i}`)))
const listedIn = (prompt: string): string[] =>
  [...prompt.matchAll(/^Task \d+: (.+)$/gm)].map(([, task]) => task as string)

test('listExercise() lists four to nine tasks and asks for the next, as self-generation does', () => {
  for (const { prompt } of exercises) {
    const listed = listedIn(prompt)
    assert.ok(listed.length >= 4 && listed.length <= 9)
    assert.ok(prompt.endsWith(`\nTask ${listed.length + 1}:`), prompt)
  }
})

test('listExercise() judges: a listed task is copied, one with a new end none at all, and all is right but its end', () => {
  for (const { prompt, judge } of exercises) {
    for (const task of listedIn(prompt)) {
      const { verdict, marks } = judge(` ${task}`)
      assert.equal(verdict, 'copied')
      assert.match(marks, /^[sf]+$/)
      assert.equal(marks.length, task.length + 1)
      const longer = judge(`${task} %`)
      assert.equal(longer.verdict, 'wrong')
      assert.ok(longer.marks.includes('w'), `${task}: ${longer.marks}`)
    }
    assert.equal(judge('').verdict, 'wrong')
  }
})

test('listExercise() calls a task right that is none of the list: what another list of its family has', () => {
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

test('answerExercise() asks for one more answer in the layout of phase B, and knows the one that is right', () => {
  for (let i = 0; i < 150; i++) {
    const { prompt, stop, judge } = answerExercise(createRandom(`answer ${i}`))
    const answers = [...prompt.matchAll(/^Output: (.+)$/gm)].map(([, answer]) => answer as string)
    assert.ok(answers.length >= 4 && answers.length <= 8, prompt)
    assert.ok(/\nTask: .+\n(?:Input: .+\n)?$/.test(prompt), prompt)
    assert.ok(stop.includes('\n\n'))
    assert.deepEqual(judge(''), { verdict: 'wrong', marks: 'w' })
    // The marks tell the right answer, letter by letter.
    const right = sayRight(judge)
    assert.match(right, /^Output: ./)
    assert.equal(judge(right).verdict, 'right')
    assert.equal(judge(right).marks, 's'.repeat(right.length))
    const { verdict, marks } = judge(`${right} too`)
    assert.deepEqual([verdict, marks], ['wrong', `${'s'.repeat(right.length)}w`])
  }
})

const letters = Array.from({ length: 0x250 - 0x20 }, (_, i) => String.fromCharCode(0x20 + i))

/** Found by its marks alone. */
function sayRight(judge: Exercise['judge']): string {
  let said = ''
  while (judge(said).verdict !== 'right') {
    const next = letters.find((letter) => judge(said + letter).marks.startsWith('s'.repeat(said.length + 1)))
    if (next === undefined) throw new Error(`Nothing goes on with "${said}"`)
    said += next
  }
  return said
}
