import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import type { Example } from '../../../src/data/example.ts'
import { createGroupThemes, taskGroups, tasksOf } from '../../../src/fedpit/task-groups.ts'

const under = (instruction: string, count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({ instruction, input: `${instruction} ${i}`, response: 'r' }))
const alone = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({ instruction: `Task ${i}`, response: 'r' }))
const sizes = (examples: readonly Example[]) =>
  taskGroups(examples).map(({ places, shared }) => [shared.under, places.length])

test('taskGroups(): inputs under each instruction that four share, and the other instructions', () => {
  assert.deepEqual(sizes(alone(6)), [[undefined, 6]])
  assert.deepEqual(sizes([...under('Sum up', 4), ...alone(5), ...under('Translate', 5)]), [
    ['Sum up', 4],
    ['Translate', 5],
    [undefined, 5],
  ])
  assert.deepEqual(sizes([...under('Sum up', 3), ...alone(2)]), [[undefined, 5]])
})

test('taskGroups(): what is too little of its sort stands in no list, unless all of it is', () => {
  assert.deepEqual(sizes([...under('Sum up', 6), ...alone(3)]), [['Sum up', 6]])
  assert.deepEqual(sizes(under('Sum up', 2)), [['Sum up', 2]])
  assert.deepEqual(sizes(under('Sum up', 1)), [[undefined, 1]])
  assert.deepEqual(sizes([...under('Sum up', 2), ...under('Translate', 1)]), [[undefined, 3]])
})

test('taskGroups(): each example is in one group at most, and its task is of that group', () => {
  const examples = [...alone(4), ...under('Sum up', 4), { instruction: 'Sum up', response: 'of nothing' }]
  const groups = taskGroups(examples)
  const places = groups.flatMap((group) => group.places)
  assert.equal(new Set(places).size, places.length)
  const tasks = tasksOf(examples, groups)
  assert.deepEqual(tasks[4], { text: 'Sum up 0', under: 'Sum up' })
  assert.deepEqual(tasks[8], { text: 'Sum up' })
})

test('createGroupThemes(): a group as often as it has examples; of it first, then of the others', () => {
  const examples = [...under('Sum up', 4), ...alone(12)]
  const groups = taskGroups(examples)
  const random = createRandom('themes')
  const next = createGroupThemes(groups, () => () => random.shuffle([...examples.keys()]))
  const themes = Array.from({ length: 400 }, next)
  for (const { group, tasks, examples: shown } of themes.slice(0, 20)) {
    assert.deepEqual(new Set(tasks()), new Set(group.places))
    assert.deepEqual(new Set(shown().slice(0, group.places.length)), new Set(group.places))
    assert.equal(new Set(shown()).size, 16)
  }
  const small = themes.filter(({ group }) => group.places.length === 4).length
  assert.ok(small > 70 && small < 130, `${small} of 400, where 100 are expected`)
})

test('createGroupThemes() says which setting to change where no group fits', () => {
  assert.throws(() => createGroupThemes([], () => () => []), /fedpit\.demonstrationTokens/)
})
