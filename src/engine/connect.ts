/** The engine that another process of this machine serves (serve.ts), as if it were one's own. */
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectEngine } from './client.ts'
import type { Engine, EngineEvent } from './contract.ts'
import type { FromEngine, ToEngine } from './protocol.ts'
import { reachableAddress } from './socket-address.ts'
import { socketChannel } from './socket-channel.ts'
import { superviseEngine } from './supervisor.ts'

/** The engine served at `address`. A connection that was lost is made anew, and its call made once more. */
export function connectToEngine(address: string, onEvent: (event: EngineEvent) => void = () => {}): Engine {
  return superviseEngine({
    start: () => {
      const socket = createConnection(reachableAddress(address))
      const { channel, ended } = socketChannel<ToEngine, FromEngine>(socket)
      return { engine: connectEngine(channel, onEvent), ended, kill: () => void socket.destroy() }
    },
    sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
    onEvent,
  })
}
