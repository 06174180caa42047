import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectToEngine } from '../../src/engine/connect.ts'
import type { EngineEvent } from '../../src/engine/contract.ts'
import { serveEngine } from '../../src/engine/serve.ts'
import { shareEngine } from '../../src/engine/share.ts'
import { engineContract } from '../contract/engine.ts'
import { superviseArithmetic } from '../fixtures/supervised-engine.ts'

engineContract('in a child process', async () => {
  const child = superviseArithmetic()
  return { ...child, [Symbol.asyncDispose]: () => child.engine.close() }
})

engineContract('shared over a local socket', async () => {
  const child = superviseArithmetic()
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-engine-'))
  const shared = shareEngine(child.engine)
  const server = await serveEngine(join(folder, 'engine'), { ...child, shared })
  const events: EngineEvent[] = []
  const engine = connectToEngine(server.address, (event) => events.push(event))
  return {
    engine,
    events,
    processes: child.processes,
    [Symbol.asyncDispose]: async () => {
      await engine.close()
      await server.close()
      await shared.close()
      await rm(folder, { recursive: true })
    },
  }
})
