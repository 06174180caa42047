/**
 * A channel over a local socket: the messages of protocol.ts as the structured clones that a child process gets, each
 * behind its length, as a socket is a stream of bytes.
 */
import type { Socket } from 'node:net'
import { deserialize, serialize } from 'node:v8'
import type { Channel } from './protocol.ts'

/** The length of a message, in bytes, little endian. */
const lengthBytes = 4

export interface SocketChannel<Outgoing, Incoming> {
  readonly channel: Channel<Outgoing, Incoming>
  /** Resolves when the connection has ended, to the reason in words. */
  readonly ended: Promise<string>
}

export function socketChannel<Outgoing, Incoming>(socket: Socket): SocketChannel<Outgoing, Incoming> {
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error) => resolve(error.message))
    socket.once('close', () => resolve('the connection was closed'))
  })
  const send = (message: Outgoing): void => {
    // As with a child: what cannot be sent was for one who is gone, and `closed` reports that.
    if (!socket.writable) return
    const body = serialize(message)
    const head = Buffer.alloc(lengthBytes)
    head.writeUInt32LE(body.length)
    socket.cork()
    socket.write(head)
    socket.write(body)
    socket.uncork()
  }
  return {
    channel: {
      send,
      receive: ({ message, closed }) => {
        const read = messageReader(socket)
        const onReadable = (): void => {
          for (let body = read(); body !== undefined; body = read()) message(deserialize(body) as Incoming)
        }
        socket.on('readable', onReadable)
        void ended.then(closed)
        return () => socket.off('readable', onReadable)
      },
    },
    ended,
  }
}

/** Gives the next whole message, or undefined until it is there; one that the end of the stream cut off never is. */
function messageReader(socket: Socket): () => Buffer | undefined {
  let length: number | undefined
  const take = (size: number): Buffer | undefined => {
    const bytes: Buffer | null = socket.read(size)
    return bytes?.length === size ? bytes : undefined
  }
  return () => {
    length ??= take(lengthBytes)?.readUInt32LE()
    const body = length === undefined ? undefined : take(length)
    if (body !== undefined) length = undefined
    return body
  }
}
