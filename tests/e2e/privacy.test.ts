/**
 * What leaves a peer, searched for what never may: private examples, synthetic examples and local adapters. Each search
 * is shown to find what did leave.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { noCapture } from './capture.ts'
import { hanging } from './federation.ts'
import { search } from './leaks.ts'
import { names, type RecordedRun, recordRun, unencrypted } from './recorded-run.ts'

let run: RecordedRun
before(
  async () => {
    run = await recordRun()
  },
  { timeout: hanging },
)
after(() => run?.federation.remove())

const said = () => ({ wire: run.wire, port: run.port })

test('what a peer says, before encryption, has no private example, no synthetic example and no local tensor', () => {
  assert.ok(run.canaries.size > 100 && run.synthetic.size > 4 && run.local.size > 1000, 'there are secrets to look for')
  for (const [where, bytes] of Object.entries(said())) {
    for (const secrets of [run.canaries, run.synthetic, run.local]) assert.deepEqual(search(secrets, bytes), [], where)
  }
})

test('the same search finds what a peer does say: its name, and the global adapter', () => {
  for (const [where, bytes] of Object.entries(said())) {
    assert.deepEqual(search(new Map(names.map((name) => [name, name])), bytes), names, where)
    assert.notDeepEqual(search(run.global, bytes), [], where)
  }
})

test('logs and events have no private example, no synthetic example and no local tensor; they do have names', () => {
  for (const secrets of [run.canaries, run.synthetic, run.local]) assert.deepEqual(search(secrets, run.logs), [])
  assert.deepEqual(search(new Map(names.map((name) => [name, name])), run.logs), names)
})

test('a packet capture of the run has none of it, nor anything else that can be read', { skip: noCapture }, () => {
  assert.equal(run.dropped, 0, 'packets are missing')
  assert.ok(run.packets.length > run.wire.length, `${run.packets.length} bytes cannot be all of ${run.wire.length}`)
  for (const secrets of [run.canaries, run.synthetic, run.local, run.global]) {
    assert.deepEqual(search(secrets, run.packets), [])
  }
  assert.deepEqual(search(new Map(names.map((name) => [name, name])), run.packets), [])
})

test('the same search finds in the capture what was sent unencrypted', { skip: noCapture }, () => {
  const plain = new Map(['/multistream/1.0.0', '/noise', unencrypted].map((text) => [text, text]))
  assert.deepEqual(search(plain, run.packets), [...plain.keys()].sort())
})
