/**
 * One engine for the peer processes of this machine, over a local socket. Each connection is one peer, which takes its
 * turns; where it drops, what that peer waits for is cancelled, and what runs for it stops after its step.
 */
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { localError } from '../core/errors.ts'
import type { EngineEvent } from './contract.ts'
import { hostEngine } from './host.ts'
import type { FromEngine, ToEngine } from './protocol.ts'
import type { SharedEngine } from './share.ts'
import { reachableAddress, socketAddressIn } from './socket-address.ts'
import { socketChannel } from './socket-channel.ts'

export interface EngineServer {
  /** For `connectToEngine` in another process of this user. */
  readonly address: string
  close(): Promise<void>
}

export interface Served {
  readonly shared: SharedEngine
  /** Tells every peer of restarts of the engine's process. */
  readonly watch: (listener: (event: EngineEvent) => void) => () => void
}

/** Makes `folder`, which is the server's own: it goes with it. */
export async function serveEngine(folder: string, { shared, watch }: Served): Promise<EngineServer> {
  const address = socketAddressIn(folder)
  const path = reachableAddress(address)
  await mkdir(folder, { mode: 0o700 })
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    connections += 1
    const engine = shared.for(`connection ${connections}`)
    const { channel, ended } = socketChannel<FromEngine, ToEngine>(socket)
    hostEngine(engine, channel)
    const unwatch = watch((event) => channel.send({ type: 'event', event }))
    void ended.then(() => {
      sockets.delete(socket)
      unwatch()
      return engine.close()
    })
  })
  server.listen(path)
  await once(server, 'listening').catch((error: Error) => {
    const remedy = 'Keep runs on a disk that can hold a socket'
    throw localError('engine.serve', `Cannot serve the engine at ${address}: ${error.message}. ${remedy}`, {}, error)
  })
  return {
    address,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      await rm(folder, { recursive: true, force: true })
    },
  }
}
