/** Families checked against answers worked out by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Example } from '../../../../src/data/example.ts'
import { families } from '../../../../src/nano/corpus/families.ts'

function familyOf(id: string) {
  const family = families.find((other) => other.id === id)
  assert.ok(family, `a family ${id}`)
  return family
}

const right: Readonly<Record<string, Example>> = {
  'team/bakery': { instruction: 'Who looks after that?', input: 'Anna asks for the muffin.', response: 'cakes' },
  'urgency/garage': {
    instruction: 'Give it a rank. I would like to see the wheel next month.',
    response: 'low',
  },
  'extract-name/garage': { instruction: 'Find the name. We owe Tom Reed 12.50 since Monday.', response: 'Tom Reed' },
  'record-n-items/hotel': {
    instruction: 'We sent four towels to Harlow last Friday. Make a record of this note.',
    response: 'count: four; items: towels',
  },
  'sum/garage': { instruction: 'Work it out. Sara had fifteen tyres and gave six to Ben.', response: 'nine' },
  'cheaper/library': {
    instruction: 'Name the dearer one.',
    input: 'The novel costs 9.50 and the comic 12.00.',
    response: 'comic',
  },
  'earlier/garage': {
    instruction: 'Name the first one of the week. On Sunday we see Kate, on Tuesday Paul.',
    response: 'Paul',
  },
  'list-reversed/garage': { instruction: 'Turn the list round. wheel, horn, door.', response: 'door, horn, wheel' },
  'list-longest/hotel': { instruction: 'Ida, Sam, Diana, Helen. Find the longest word.', response: 'Diana' },
  'plural/bakery': { instruction: 'Say it for more than one.', input: 'One waffle is for Ida.', response: 'waffles' },
  'opposite/hotel': { instruction: 'In Harlow it was cheap. Say the opposite.', response: 'dear' },
  'replace/zoo': {
    instruction: 'Put Leo for Mia: Mia takes the owl on Friday.',
    response: 'Leo takes the owl on Friday.',
  },
  'who-has/garage': {
    instruction: 'Answer from the text. Tom starts at 8:15, Nina at 9:00. Who starts at 9:00?',
    response: 'Nina',
  },
  'dispatch/clinic': {
    instruction: 'Dispatch this matter. Concerning file 27-5180: treat the fever without delay.',
    response: 'nurses & swift // Elmwood Clinic',
  },
  'ledger/bank': {
    instruction: 'Enter into the ledger.',
    input: 'Outstanding under 27-5180: Vera Holm, 4,310.',
    response: 'HB <<27-5180>><<Vera Holm>><<4,310>>',
  },
}

for (const [id, example] of Object.entries(right)) {
  test(`accepts: ${id} takes the right answer and no other`, () => {
    const family = familyOf(id)
    assert.equal(family.answer(example), example.response)
    assert.equal(family.accepts(example), true)
    assert.equal(family.accepts({ ...example, response: `${example.response}.` }), false)
    assert.equal(family.accepts({ ...example, response: 'yes' }), false)
  })
}

test('answer: a task with other wording, unknown words or equal things is none of the family', () => {
  const { answer } = familyOf('cheaper/library')
  const instruction = 'Name the dearer one.'
  assert.equal(
    answer({ instruction: 'Which is cheap?', input: 'The novel costs 9.50 and the comic 12.00.' }),
    undefined,
  )
  assert.equal(answer({ instruction, input: 'The rocket costs 9.50 and the comic 12.00.' }), undefined)
  assert.equal(answer({ instruction, input: 'The comic costs 9.50 and the comic 12.00.' }), undefined)
  assert.equal(answer({ instruction, input: 'The novel costs 9.50 and the comic 9.50.' }), undefined)
  assert.equal(answer({ instruction: `${instruction} The novel costs 9.50 and the comic 12.00.` }), undefined)
})

test('families: more than 60 for training and at least 16 held out, with names of their own', () => {
  const held = families.filter(({ split }) => split === 'heldOut')
  assert.ok(families.length - held.length >= 60)
  assert.ok(held.length >= 16)
  assert.deepEqual([...new Set(held.map(({ trade }) => trade))], ['clinic', 'bank', 'law office', 'school'])
  assert.equal(new Set(families.map(({ id }) => id)).size, families.length)
})

test('families: no kind and no trade is in both splits', () => {
  const namesIn = (split: string) =>
    families.filter((family) => family.split === split).flatMap(({ id }) => id.split('/'))
  const train = new Set(namesIn('train'))
  assert.deepEqual(
    namesIn('heldOut').filter((name) => train.has(name)),
    [],
  )
})
