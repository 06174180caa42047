import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import type { Example } from '../../../src/data/example.ts'
import { selfGenerate } from '../../../src/fedpit/self-generation.ts'
import { animals, examples, freshTask, good, maxPositions, settings } from './few-examples.ts'
import { scriptedEngine, start } from './scripted-engine.ts'

const generate = (engine: ReturnType<typeof scriptedEngine>['engine'], from = examples, change = {}) =>
  selfGenerate(from, start, {
    engine,
    settings: { ...settings, ...change },
    maxPositions,
    random: createRandom('seed'),
  })

test('selfGenerate() shows eight instructions, then whole examples, and stops when it has enough', async () => {
  const { engine, asked } = scriptedEngine(good)
  const { candidates, rejected } = await generate(engine)
  assert.equal(candidates.length, 4)
  assert.deepEqual(rejected, {})
  const [phaseA, phaseB] = asked.generate
  assert.equal(String(phaseA?.prompts[0]).match(/^Task \d:/gm)?.length, 9)
  assert.ok(!String(phaseA?.prompts[0]).includes('Secret'), 'phase A shows instructions only')
  assert.equal(new Set(phaseA?.prompts).size, 1, 'a wave shares its demonstrations')
  assert.equal(String(phaseB?.prompts[0]).match(/^Output: Secret/gm)?.length, 8)
  assert.equal(phaseB?.sampling.temperature, 0, 'the first try is greedy')
  assert.equal(phaseA?.adapter, start, 'the generator is the global model')
})

test('selfGenerate() shows examples of one sort, where asked to, in both phases of a wave', async () => {
  const bills: Example[] = animals.map((animal, i) => ({
    instruction: `Bill: ${animal} = ${i} <<now>>!`,
    response: `${i}`,
  }))
  const { engine, asked } = scriptedEngine(good)
  const change = { demonstrationChoice: 'alike', demonstrations: 6, candidates: 20 } as const
  await generate(engine, [...examples, ...bills], change)
  const sorts = asked.generate.map(({ prompts }) => {
    const shown = String(prompts[0]).match(/^Task[ \d]*: (Bill|Describe)/gm) ?? []
    assert.equal(shown.length, 6)
    return new Set(shown.map((line) => line.slice(line.indexOf(': ') + 2)))
  })
  assert.ok(sorts.every(({ size }) => size === 1))
  const waves = sorts.map(([sort]) => sort)
  assert.ok(waves.length >= 4 && waves.every((sort, i) => i % 2 === 0 || sort === waves[i - 1]), `${waves}`)
  assert.equal(new Set(waves).size, 2)
})

test('selfGenerate() counts each rejection under one reason', async () => {
  const script: [task: string, response: (attempt: number) => string, reason: string | undefined][] = [
    ['As a doctor, I would say no to this', () => '', 'format'],
    ['too short', () => '', 'format'],
    [examples[0]?.instruction ?? '', () => '', 'similar'],
    ['alpha beta gamma delta', () => 'no label here', 'no-response'],
    ['uno due tre quattro', () => 'Output: ', 'instance'],
    ['ein zwei drei vier', () => 'Output: ein zwei drei vier', 'instance'],
    ['Describe for visitors', () => 'Output: x', 'format'],
    ['Describe number the horse', () => 'Output: for visitors 0 Secret horse 0', 'copied'],
    ['moja mbili tatu nne', (attempt) => (attempt < 3 ? 'nothing' : 'Output: at the third try'), undefined],
  ]
  const { engine } = scriptedEngine({
    task: (n) => script[n]?.[0] ?? freshTask(n),
    response: (task, attempt) => script.find(([name]) => name === task)?.[1](attempt) ?? `Output: ok ${task}`,
  })
  const { candidates, rejected } = await generate(engine, examples, { candidates: 6 })
  const expected: Record<string, number> = {}
  for (const [, , reason] of script) if (reason !== undefined) expected[reason] = (expected[reason] ?? 0) + 1
  assert.deepEqual(rejected, expected)
  assert.ok(candidates.some(({ response }) => response === 'at the third try'))
})

test('selfGenerate() gives up after its tries instead of going on for ever', async () => {
  const { engine } = scriptedEngine({ task: () => 'sorry, no', response: () => '' })
  const { candidates, tried, rejected } = await generate(engine)
  assert.equal(candidates.length, 0)
  assert.equal(tried, 16)
  assert.deepEqual(rejected, { format: 16 })
})

test('selfGenerate() works with one or two examples, and with one instruction shared by all', async () => {
  for (const count of [1, 2]) {
    assert.equal((await generate(scriptedEngine(good).engine, examples.slice(0, count))).candidates.length, 4)
  }
  const questions = examples.map(({ instruction, response }) => ({
    instruction: 'Answer this',
    input: instruction,
    response,
  }))
  const { candidates } = await generate(
    scriptedEngine({ task: freshTask, response: () => `Output: ${createRandom('x').next()}` }).engine,
    questions,
  )
  assert.ok(candidates.every(({ instruction, input }) => instruction === 'Answer this' && input !== undefined))
})

test('selfGenerate() lists inputs where some examples share an instruction, and never beside instructions', async () => {
  const reports = animals.map((animal, i) => ({
    instruction: 'Sum up this report',
    input: `Report ${animal} seen near mile ${i}`,
    response: `${animal}, ${i}`,
  }))
  const script = { task: freshTask, response: (_: string, attempt: number) => `Output: ${attempt}` }
  const { engine, asked } = scriptedEngine(script)
  const { candidates } = await generate(engine, [...examples, ...reports], { candidates: 40 })
  const lists = asked.generate.flatMap(({ prompts }) => {
    const listed = String(prompts[0]).match(/^Task \d+: (Report|Describe)/gm) ?? []
    return listed.length === 0 ? [] : [new Set(listed.map((line) => line.split(' ')[2]))]
  })
  assert.ok(lists.length > 2 && lists.every(({ size }) => size === 1))
  const [summed, described] = [true, false].map((sums) =>
    candidates.filter(({ instruction }) => (instruction === 'Sum up this report') === sums),
  )
  assert.ok(summed?.length && summed.every(({ input }) => input !== undefined))
  assert.ok(described?.length && described.every(({ input }) => input === undefined))
})

/** Private examples under one instruction. */
const asked = (instruction: string, inputOf: (animal: string) => string): Example[] =>
  animals.map((animal, i) => ({ instruction, input: inputOf(animal), response: `Secret ${animal} ${i}` }))

test('selfGenerate() does not take what is written under a long shared instruction for a copy, but a copy for one', async () => {
  const system = Array.from({ length: 90 }, (_, i) => `rule${i}`).join(' ')
  const from = asked(system, (animal) => `Where is the ${animal} now?`)
  const script = [from[3]?.input ?? '', 'Where was the heron then, and who fed it?']
  const { engine } = scriptedEngine({
    task: (n) => script[n] ?? freshTask(n),
    response: (_, attempt) => `Output: Secret zebra ${attempt + 2}`,
  })
  const { candidates, rejected } = await generate(engine, from, { mostSimilar: 0.7 })
  assert.equal(candidates.length, 4)
  assert.ok(candidates.some(({ input }) => input === script[1]))
  assert.deepEqual(rejected, { similar: 1 })

  const like = scriptedEngine({
    task: (n) => (n === 0 ? 'Tell me where is the zebra now, please?' : freshTask(n)),
    response: () => 'Output: Secret zebra 3',
  })
  const settings = { mostSimilar: 0.8 }
  assert.deepEqual((await generate(like.engine, from, settings)).rejected, { copied: 1 })
})

test('selfGenerate() takes no response for its own that an example of another sort has, under whatever instruction', async () => {
  const words = (of: string): string => Array.from({ length: 29 }, (_, i) => `${of}${i}`).join(' ')
  const reports = asked('Sum up this report', (animal) => `Report ${animal} seen near mile`)
  const others = asked(words('rule'), (animal) => `Where is the ${animal} now?`)
  const alone: Example = { instruction: 'Tell what befell the patient', response: words('secret') }
  const hidden = { ...(others[0] as Example), response: words('hidden') }
  const from = [...reports, alone, hidden, ...others.slice(1)]
  for (const { response } of [alone, hidden]) {
    const { engine } = scriptedEngine({ task: freshTask, response: () => `Output: ${response}` })
    const { candidates, rejected } = await generate(engine, from, { mostSimilar: 0.7 })
    assert.deepEqual(candidates, [])
    assert.ok((rejected.copied ?? 0) > 0)
  }
})

test('selfGenerate() takes inputs of a word, and as long ones as the peer has', async () => {
  const [short, long] = [1, 100].map((words) => {
    const text = (seed: string) => Array.from({ length: words }, (_, i) => `${seed}${i}`).join(' ')
    return { from: asked('Name the capital of this country', text), task: (n: number) => text(`new${n}x`) }
  })
  for (const written of [short, long]) {
    const { engine, asked } = scriptedEngine({
      task: written?.task ?? freshTask,
      response: () => 'Output: Paris',
    })
    const { candidates, rejected } = await generate(engine, written?.from)
    assert.deepEqual([candidates.length, rejected], [4, {}])
    assert.equal(asked.generate[0]?.sampling.maxNewTokens, written === long ? 100 : settings.instructionTokens)
  }
})

test('selfGenerate() shows no more than the model has room for, with what it is to write', async () => {
  const long = asked('Sum up this report', (animal) => Array.from({ length: 40 }, (_, i) => `${animal}${i}`).join(' '))
  for (const maxPositions of [300, 420, 4096]) {
    const { engine, asked } = scriptedEngine(good)
    const parts = { engine, settings, maxPositions, random: createRandom('room') }
    await selfGenerate([...long, ...examples], start, parts)
    for (const { prompts, sampling } of asked.generate) {
      for (const tokens of await engine.tokenize(prompts)) {
        assert.ok(tokens.length + sampling.maxNewTokens <= maxPositions, `${tokens.length} of ${maxPositions}`)
      }
    }
  }
})

test('selfGenerate() leaves out what has no room, and shows the others as much as before', async () => {
  const long = asked(`Sum up this report ${'at length '.repeat(100)}`, (animal) => `${animal} `.repeat(60))
  const parts = { settings, maxPositions: 450, random: createRandom('left out') }
  const { engine, asked: questions } = scriptedEngine(good)
  await selfGenerate([...long, ...examples], start, { ...parts, engine })
  assert.ok(questions.generate.length > 0)
  for (const { prompts } of questions.generate) {
    assert.ok(!String(prompts[0]).includes('Sum up'))
    assert.ok(String(prompts[0]).match(/Describe number/g)?.length === 8)
  }
})

test('selfGenerate() says that the context is short where no example fits', async () => {
  const parts = { engine: scriptedEngine(good).engine, settings, maxPositions: 150, random: createRandom('none') }
  await assert.rejects(selfGenerate(examples, start, parts), /and in the model's context, none do/)
})
