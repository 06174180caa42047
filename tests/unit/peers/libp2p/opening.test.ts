import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demandOpening } from '../../../../peers/wiring/libp2p/opening.ts'

const opening = Buffer.from('\x13/multistream/1.0.0\n')

/** As libp2p has it, whose lists of bytes know no slice beyond their end. */
const messageOf = (bytes: Uint8Array) => Object.assign(new Event('message'), { data: { subarray: () => bytes } })

/** What a connection passes on of the messages that come on it, and what it is aborted for. */
function passedOn(messages: readonly Uint8Array[]) {
  const passed: Uint8Array[] = []
  const aborted: string[] = []
  const connection = {
    dispatchEvent: (event: Event) => passed.push((event as ReturnType<typeof messageOf>).data.subarray()) > 0,
    abort: ({ message }: Error) => void aborted.push(message),
  }
  demandOpening(connection)
  for (const bytes of messages) connection.dispatchEvent(messageOf(bytes))
  return { passed: Buffer.concat(passed), aborted }
}

test('a connection that begins as libp2p does passes on all that comes, in whatever pieces', () => {
  const all = Buffer.concat([opening, Buffer.from('\x07/noise\n'), Buffer.alloc(40, 200)])
  for (const cut of [0, 1, 7, 20, 21, 30]) {
    const { passed, aborted } = passedOn([all.subarray(0, cut), all.subarray(cut), opening])
    assert.deepEqual(passed, Buffer.concat([all, opening]), `cut after ${cut} bytes`)
    assert.deepEqual(aborted, [])
  }
})

test('a connection that begins otherwise is aborted at its first wrong byte, and passes on none of it', () => {
  const noise = ['what came first is noise']
  for (const at of [0, 1, 10, 19]) {
    const wrong = Buffer.from(opening)
    wrong[at] = (wrong[at] as number) ^ 1
    assert.deepEqual(passedOn([wrong.subarray(0, at + 1)]), { passed: Buffer.alloc(0), aborted: noise }, `byte ${at}`)
    const { passed, aborted } = passedOn([wrong.subarray(0, at), wrong.subarray(at)])
    assert.deepEqual([passed, aborted], [opening.subarray(0, at), noise], `byte ${at}, in two pieces`)
  }
})
