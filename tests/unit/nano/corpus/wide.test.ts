import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { broadDesk, piecesDesk, stepDesk, strideDesk, wideDesk } from '../../../../src/nano/corpus/desk.ts'
import { drawWideFormat } from '../../../../src/nano/corpus/format.ts'
import { broadKinds } from '../../../../src/nano/corpus/kinds/broad.ts'
import { steps, strides } from '../../../../src/nano/corpus/kinds/step.ts'
import { wideKinds, wideWord } from '../../../../src/nano/corpus/kinds/wide.ts'

const random = (i: number) => createRandom(`wide ${i}`)
const seeds = Array.from({ length: 600 }, (_, i) => i)

const all = [...broadKinds, ...Object.values(steps), ...Object.values(strides)]
const desks = [
  { name: 'wideDesk', desk: wideDesk, expected: wideKinds },
  { name: 'broadDesk', desk: broadDesk, expected: broadKinds },
  { name: 'stepDesk', desk: stepDesk(Object.values(steps)), expected: Object.values(steps) },
  { name: 'strideDesk', desk: strideDesk, expected: all },
  { name: 'piecesDesk', desk: piecesDesk, expected: all },
]
for (const { name, desk, expected } of desks) {
  test(`${name}: its families accept their own examples, and no other answer`, () => {
    const kinds = new Set<string>()
    for (const i of seeds) {
      for (const family of desk(random(i), false)) {
        kinds.add(family.id.split('/')[0] as string)
        const example = family.make(random(i))
        assert.ok(family.accepts(example), `seed ${i}: ${JSON.stringify(example)}`)
        assert.ok(!family.accepts({ ...example, response: `${example.response} not` }), `seed ${i}`)
      }
    }
    for (const { id } of expected) assert.ok(kinds.has(id), `${id} was never drawn`)
  })
}

test('broadDesk: the parts of a form depend on the text that they are read from, and on nothing else', () => {
  const forms = seeds.flatMap((i) => broadDesk(random(i), false)).filter(({ id }) => id.startsWith('broad-form'))
  assert.ok(forms.length > 30)
  for (const [i, family] of forms.entries()) {
    const source = random(i)
    const answers = Array.from({ length: 12 }, () => {
      const { response, ...task } = family.make(source)
      assert.equal(family.answer(task), response, `form ${i}`)
      return response
    })
    assert.ok(new Set(answers).size > 1, `form ${i} always answers ${answers[0]}`)
  }
})

test('wideDesk: what a house says comes back within a few examples', () => {
  let [again, all] = [0, 0]
  for (const i of seeds.slice(0, 200)) {
    const [family] = wideDesk(random(i), false)
    const source = random(i).derive('examples')
    const known = new Set(Array.from({ length: 8 }, () => family?.make(source).instruction ?? '').flatMap(words))
    const next = words(family?.make(source).instruction ?? '')
    all += next.length
    again += next.filter((word) => known.has(word)).length
  }
  assert.ok(again > 0.8 * all, `${again} of ${all} words`)
})

test('stepDesk: its answers have few words beside the step', () => {
  for (const [step, kind] of Object.entries(steps)) {
    const texts = seeds
      .slice(0, 200)
      .flatMap((i) => stepDesk([kind])(random(i), false).map((family) => family.make(random(i))))
    const mean = texts.reduce((sum, { response }) => sum + words(response).length, 0) / texts.length
    assert.ok(mean < 8, `${step}: answers of ${mean} words`)
  }
})

test('drawWideFormat: says every value once, in order, and the same for the same fields', () => {
  for (const i of seeds) {
    const format = drawWideFormat(random(i), wideWord)
    const text = format([
      ['first', 'Q1W2'],
      ['second', 'E3R4'],
    ])
    assert.match(text, /^[^0-9]*Q1W2[^0-9]*E3R4[^0-9]*$/, `seed ${i}`)
    assert.equal(
      text,
      format([
        ['first', 'Q1W2'],
        ['second', 'E3R4'],
      ]),
    )
  }
})

function words(text: string): string[] {
  return text.match(/[A-Za-z]+/g) ?? []
}
