import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { badInstance, badInstruction, createSimilarityFilter } from '../../../src/fedpit/filters.ts'
import { rougeL } from '../../../src/fedpit/rouge-l.ts'
import { unicodeWords } from '../../../src/fedpit/unicode-words.ts'

const english = fc.array(fc.constantFrom('The', 'court', 'pays', '12', 'euros.', 'Why', 'not?'), { maxLength: 12 })
/** One sentence a script; each is a private text that must not come out of self-generation as it is. */
const sentences = [
  'Пациент Иванов просит копию своей карты',
  '患者山田さんは新しい処方箋を求めています',
  '客户王小明想要关闭他的储蓄账户',
  'ลูกค้าต้องการปิดบัญชีออมทรัพย์',
  'Ο ασθενής ζητά αντίγραφο του φακέλου του',
  'العميل يريد إغلاق حساب التوفير',
  'ग्राहक अपना बचत खाता बंद करना चाहता है',
  'Der Käufer möchte die Schuhe zurückgeben',
]

test('unicodeWords() cuts English as ROUGE-L does, so that the filter there is the one of the paper', () => {
  fc.assert(
    fc.property(english, english, (a, b) => {
      const [reference, prediction] = [a.join(' '), b.join(' ')]
      const nearest = createSimilarityFilter([reference]).nearest(prediction)
      assert.equal(nearest, rougeL(reference, prediction).f)
    }),
  )
})

test('nearest() is the largest ROUGE-L F of all, whatever it skips', () => {
  fc.assert(
    fc.property(fc.array(english, { maxLength: 8 }), english, (texts, own) => {
      const [all, text] = [texts.map((words) => words.join(' ')), own.join(' ')]
      const expected = Math.max(0, ...all.map((other) => rougeL(other, text).f))
      assert.ok(Math.abs(createSimilarityFilter(all).nearest(text) - expected) < 1e-12)
    }),
  )
})

test('createSimilarityFilter() sees a copy in any script', () => {
  for (const sentence of sentences) {
    const filter = createSimilarityFilter(sentences)
    assert.equal(filter.nearest(` ${sentence}!`), 1, sentence)
    const others = createSimilarityFilter(sentences.filter((other) => other !== sentence))
    assert.ok(others.nearest(sentence) < 0.7, `${sentence} is unlike the others`)
  }
})

test('createSimilarityFilter() is not deceived by full-width letters or capitals', () => {
  assert.equal(createSimilarityFilter(['call 0123 now']).nearest('ＣＡＬＬ ０１２３ ＮＯＷ'), 1)
})

test('badInstruction() counts words in scripts without spaces', () => {
  for (const sentence of sentences) assert.equal(badInstruction(sentence, true), false, sentence)
  assert.equal(badInstruction('你好', true), true)
})

test('badInstance() refuses a response that repeats its task, in any script, and no other', () => {
  for (const [i, instruction] of sentences.entries()) {
    assert.equal(badInstance({ instruction, response: `${instruction}.` }, true), true, instruction)
    const response = sentences[(i + 1) % sentences.length] ?? ''
    assert.equal(badInstance({ instruction, response }, true), false, response)
  }
})

test('similarity lies in [0, 1], is symmetric, and 1 for a text with itself', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), english.map(String))
  fc.assert(
    fc.property(text, text, (a, b) => {
      const ab = createSimilarityFilter([a]).nearest(b)
      assert.ok(ab >= 0 && ab <= 1)
      assert.ok(Math.abs(ab - createSimilarityFilter([b]).nearest(a)) < 1e-12)
      if (unicodeWords(a).length > 0) assert.equal(createSimilarityFilter([b, a]).nearest(a), 1)
    }),
  )
})

test('nearest() is as far from 0.7 as the words say: 7 of 8 and 12 words in common are 0.7, not a rounding above', () => {
  const [known, own] = ['a b c d e f g h', 'a b c d e f g i j k l m']
  assert.equal(createSimilarityFilter([known]).nearest(own), 0.7)
})
