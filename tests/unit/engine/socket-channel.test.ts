import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { serialize } from 'node:v8'
import { socketChannel } from '../../../src/engine/socket-channel.ts'

async function pair(): Promise<{ near: Socket; far: Socket; end: () => void }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const near = createConnection(address.port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  return { near, far, end: () => void [near.destroy(), far.destroy(), server.close()] }
}

/** The next `count` messages. */
const take = (socket: Socket, count: number): Promise<unknown[]> =>
  new Promise((resolve, reject) => {
    const got: unknown[] = []
    const { channel } = socketChannel<never, unknown>(socket)
    const message = (received: unknown): void => {
      if (got.push(received) === count) resolve(got)
    }
    channel.receive({ message, closed: (reason) => reject(new Error(reason)) })
  })

test('socketChannel() delivers clones in order, typed arrays as what they were', async () => {
  const { near, far, end } = await pair()
  const { channel } = socketChannel<unknown, never>(near)
  const sent = [{ a: 1 }, Float32Array.of(0.5, -1), [undefined, new Map([[1, 'x']])], 'end']
  for (const message of sent) channel.send(message)
  assert.deepEqual(await take(far, 4), sent)
  end()
})

test('socketChannel() puts messages together that arrive byte by byte, or several at once', async () => {
  const { near, far, end } = await pair()
  near.setNoDelay(true)
  const frame = (message: unknown): Buffer => {
    const body = serialize(message)
    const head = Buffer.alloc(4)
    head.writeUInt32LE(body.length)
    return Buffer.concat([head, body])
  }
  const got = take(far, 3)
  for (const byte of frame('slow')) await new Promise((resolve) => near.write(Buffer.of(byte), resolve))
  near.write(Buffer.concat([frame('two'), frame('at once')]))
  assert.deepEqual(await got, ['slow', 'two', 'at once'])
  end()
})

test('socketChannel() closes when the other end does, and a message cut short is none', async () => {
  const { near, far, end } = await pair()
  const got = take(far, 1)
  near.end(Buffer.of(200, 0, 0, 0, 1, 2, 3))
  await assert.rejects(got, /the connection was closed/)
  socketChannel<string, never>(far).channel.send('to nobody')
  end()
})
