import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createStopMatcher } from '../../../src/generation/stop-matcher.ts'

test('StopMatcher.push() finds a stop text that is spread over pieces and cuts it off', () => {
  const matcher = createStopMatcher(['\n\nEND'])
  assert.deepEqual(matcher.push('one\n'), { text: 'one', stopped: false })
  assert.deepEqual(matcher.push('two\n\nE'), { text: '\ntwo', stopped: false })
  assert.deepEqual(matcher.push('N'), { text: '', stopped: false })
  assert.deepEqual(matcher.push('D and more'), { text: '', stopped: true })
})

test('StopMatcher.push() gives back what only looked like a stop text', () => {
  const matcher = createStopMatcher(['abc'])
  assert.deepEqual(matcher.push('xab'), { text: 'x', stopped: false })
  assert.deepEqual(matcher.push('aby'), { text: 'ababy', stopped: false })
  assert.deepEqual(matcher.push('a'), { text: '', stopped: false })
  assert.equal(matcher.flush(), 'a')
})

test('StopMatcher gives the text before the first stop text, however it is cut into pieces', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '日'), maxLength: 30 })
  const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 4 }), {
    maxLength: 3,
  })
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), stops, (pieces, stops) => {
      const matcher = createStopMatcher(stops)
      let text = ''
      let stopped = false
      for (const piece of pieces) {
        const given = matcher.push(piece)
        text += given.text
        stopped = given.stopped
        if (stopped) break
      }
      if (!stopped) text += matcher.flush()
      const whole = pieces.join('')
      assert.equal(
        stopped,
        stops.some((stop) => whole.includes(stop)),
      )
      assert.ok(whole.startsWith(text))
      assert.ok(!stops.some((stop) => text.includes(stop)))
      if (!stopped) assert.equal(text, whole)
    }),
  )
})
