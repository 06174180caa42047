/** A TCP line of limited rate in front of a port on loopback, for the tests. */
import { createServer, connect as dial, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** Listens on a free port and carries to `port` at most `bytesPerSecond` each way; returns its own port and an end. */
export async function slowLine(port: number, bytesPerSecond: number): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>()
  const throttle = () =>
    new Transform({
      highWaterMark: 16_384,
      transform(chunk: Buffer, _encoding, done) {
        setTimeout(() => done(null, chunk), (chunk.byteLength / bytesPerSecond) * 1000)
      },
    })
  const server = createServer({ highWaterMark: 16_384 }, (near) => {
    const far = dial(port, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', () => undefined)
      socket.on('close', () => [near, far].forEach((end) => void end.destroy()))
    }
    near.pipe(throttle()).pipe(far)
    far.pipe(throttle()).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The line listens nowhere')
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: address.port, close }
}
