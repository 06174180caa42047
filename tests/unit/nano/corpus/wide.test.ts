import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../../src/core/random.ts'
import { wideDesk } from '../../../../src/nano/corpus/desk.ts'
import { drawWideFormat } from '../../../../src/nano/corpus/format.ts'
import { wideKinds, wideWord } from '../../../../src/nano/corpus/kinds/wide.ts'

const random = (i: number) => createRandom(`wide ${i}`)
const seeds = Array.from({ length: 600 }, (_, i) => i)

test('wideDesk: its families accept their own examples, and no other answer', () => {
  const kinds = new Set<string>()
  for (const i of seeds) {
    for (const family of wideDesk(random(i), false)) {
      kinds.add(family.id.split('/')[0] as string)
      const example = family.make(random(i))
      assert.ok(family.accepts(example), `seed ${i}: ${JSON.stringify(example)}`)
      assert.ok(!family.accepts({ ...example, response: `${example.response} not` }), `seed ${i}`)
    }
  }
  for (const { id } of wideKinds) assert.ok(kinds.has(id), `${id} was never drawn`)
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
