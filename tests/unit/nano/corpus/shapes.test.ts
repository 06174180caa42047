/** The corpus has the shapes that the program prompts with, to the letter. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Example } from '../../../../src/data/example.ts'
import { instructionPrompt, promptTexts, responsePrompt, trainingPrompt } from '../../../../src/fedpit/prompts.ts'
import { chat, exampleList, far, spelled, taskList, textOf } from '../../../../src/nano/corpus/shapes.ts'
import { trainBytePairs } from '../../../../src/nano/tokenizer/train-bpe.ts'
import { createChatTemplate } from '../../../../src/tokenizer/chat-template.ts'

const examples: readonly Example[] = [
  { instruction: 'Name the town.', input: 'Leo lives in Harlow.', response: 'Harlow' },
  { instruction: 'Say who lives in Harlow.', response: 'Leo' },
  { instruction: 'Count to three.', response: 'one two three' },
]
const last = examples[2] as Example

for (const line of [promptTexts.instructions, 'Go on.', '']) {
  test(`taskList: the prompt of phase A and what it is continued by, with "${line}"`, () => {
    const tasks = examples.map(({ instruction, input }) => input ?? instruction)
    const prompt = instructionPrompt(tasks.slice(0, 2), { instructions: line, responses: '' })
    assert.equal(textOf(taskList(examples, line)), `${prompt} ${tasks[2]}\n`)
  })

  test(`exampleList: the prompt of phase B and what it is continued by, with "${line}"`, () => {
    const prompt = responsePrompt(examples.slice(0, 2), last, { instructions: '', responses: line })
    const passages = exampleList(examples, line)
    assert.equal(textOf(passages), `${prompt}Output: ${last.response}\n\n`)
  })
}

test('exampleList: an answer counts in full once the task and the examples before it say all its words', () => {
  const answers = (list: readonly Example[]) =>
    exampleList(list, '').flatMap(({ text, weight }) =>
      text.startsWith('\nOutput: ') ? [[text.slice(9, -2), weight]] : [],
    )
  const ask = (name: string, response: string): Example => ({ instruction: `Greet ${name}.`, response })
  assert.deepEqual(answers([ask('Leo', 'Leo'), ask('Ann', 'Hello Ann'), ask('Tim', 'Hello Tim')]), [
    ['Leo', 0.1],
    ['Hello Ann', 0.1],
    ['Hello Tim', 1],
  ])
})

test('taskList: words count in full that stood beside their neighbours in a task before', () => {
  const list = ['Tell Leo of the rain.', 'Tell Ann of the snow.'].map((instruction) => ({ instruction, response: '' }))
  const full = taskList(list, 'Go on.').filter(({ weight }) => weight === 1)
  assert.deepEqual(
    full.map(({ text }) => text),
    ['Task', ' Tell', ' of', ' the', '\n'],
  )
})

test('taskList: with far reach also words beyond a gap of two, and known words somewhat', () => {
  const instructions = ['Tell Leo Hill: snow is near.', 'Tell Ann Brook: rain is near Ann Brook.', 'Ask if Leo is in.']
  const list = instructions.map((instruction) => ({ instruction, response: '' }))
  const weights = taskList(list, 'Go on.', far).map(({ text, weight }) => `${text.trim()} ${weight}`)
  assert.deepEqual(weights.slice(10).join(', ').split(', Task 1, '), [
    'Task 1, 2: 0.1, Tell 1, Ann 0.1, Brook: 0.1, rain 0.1, is 1, near 0.3, Ann 0.3, Brook. 0.3,  0.1',
    '3: 0.1, Ask 0.1, if 0.1, Leo 0.3, is 0.3, in. 0.1,  1',
  ])
})

test('taskList: spelled out, the rest of a known word counts in full once it has begun', () => {
  const list = ['Tell Leo Hill.', 'Ask if Leo is in.'].map((instruction) => ({ instruction, response: '' }))
  const within = taskList(list, 'Go on.', spelled).flatMap((passage) =>
    passage.within === undefined || passage.weight === 1
      ? []
      : [`${passage.text.trim()} ${passage.weight} ${passage.within}`],
  )
  assert.deepEqual(within, ['Leo 0.3 1'])
})

test('chat: one message alone counts in full, the first of several does not', () => {
  const answerWeight = (list: readonly Example[]) =>
    chat(list)
      .filter((_, i) => i % 2 === 1)
      .map(({ weight }) => weight)
  assert.deepEqual(answerWeight([last]), [1])
  assert.deepEqual(answerWeight([last, last]), [0.1, 1])
})

test('chat: a training prompt through the template of the model, and the response with its end', () => {
  const { chatTemplate } = trainBytePairs(['no merge'], 259)
  assert.ok(chatTemplate)
  const template = createChatTemplate(chatTemplate, {})
  for (const example of examples) {
    const content = [example.instruction, ...(example.input === undefined ? [] : [example.input])].join('\n\n')
    const messages = [{ role: 'user', content }] as const
    assert.deepEqual(trainingPrompt(example, true), messages)
    assert.equal(textOf(chat([example])), `${template(messages, true)}${example.response}<|im_end|>\n`)
  }
})
