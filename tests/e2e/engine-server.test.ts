/** The engine server where connections come and go; what every engine promises is in its contract. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectEngine } from '../../src/engine/client.ts'
import { connectToEngine } from '../../src/engine/connect.ts'
import type { Engine, EngineEvent, TrainRequest } from '../../src/engine/contract.ts'
import type { FromEngine, ToEngine } from '../../src/engine/protocol.ts'
import { serveEngine } from '../../src/engine/serve.ts'
import { shareEngine } from '../../src/engine/share.ts'
import { reachableAddress } from '../../src/engine/socket-address.ts'
import { socketChannel } from '../../src/engine/socket-channel.ts'
import { startEngine } from '../../src/engine/start.ts'
import { arithmeticTraining, createArithmeticEngine } from '../fixtures/arithmetic-engine.ts'
import { writeTinyModel } from '../fixtures/tiny-model.ts'

const quiet = { watch: () => () => {} }

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-engine-'))
  try {
    await body(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A peer without a supervisor, and the means to cut it off. */
function peer(address: string): { engine: Engine; socket: Socket } {
  const socket = createConnection(reachableAddress(address))
  return { engine: connectEngine(socketChannel<ToEngine, FromEngine>(socket).channel), socket }
}

test('a dropped connection stops what runs for it after the update and what waits for it at once', () =>
  withFolder(async (folder) => {
    let updates = 0
    const arithmetic = createArithmeticEngine(5)
    const shared = shareEngine({
      ...arithmetic,
      train: (request, signal, onStep) =>
        arithmetic.train(request, signal, (event) => {
          updates += 1
          onStep?.(event)
        }),
    })
    const server = await serveEngine(join(folder, 'engine'), { ...quiet, shared })
    const [running, waiting, other] = [peer(server.address), peer(server.address), peer(server.address)]
    const cut = [running, waiting].map(({ engine }) =>
      assert.rejects(engine.train(arithmeticTraining(1000)), { code: 'engine.died' }),
    )
    while (updates < 3) await sleep(1)
    const next = other.engine.train(arithmeticTraining(2))
    running.socket.destroy()
    waiting.socket.destroy()
    await Promise.all(cut)
    assert.deepEqual((await next).losses, [1, 2])
    assert.ok(updates < 20, `${updates} updates`)
    other.socket.destroy()
    await server.close()
  }))

test('a peer whose connection was lost makes a new one and goes on', () =>
  withFolder(async (folder) => {
    const shared = shareEngine(createArithmeticEngine(5))
    const place = join(folder, 'engine')
    const first = await serveEngine(place, { ...quiet, shared })
    const events: EngineEvent[] = []
    const engine = connectToEngine(first.address, (event) => events.push(event))
    let again: ReturnType<typeof serveEngine> | undefined
    const result = await engine.train({ ...arithmeticTraining(12), checkpointEvery: 1 }, undefined, ({ step }) => {
      if (step === 6) again ??= first.close().then(() => serveEngine(place, { ...quiet, shared }))
    })
    assert.deepEqual(result.losses, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    assert.deepEqual(
      events.map(({ type }) => type),
      ['engine.retrying', 'engine.restarted'],
    )
    assert.deepEqual(await engine.tokenize(['abc']), [[3]])
    await engine.close()
    await (await again)?.close()
  }))

test(
  'serveEngine() lets its owner alone connect, and leaves nothing behind',
  { skip: process.platform === 'win32' },
  () =>
    withFolder(async (folder) => {
      const place = join(folder, 'engine')
      const server = await serveEngine(place, { ...quiet, shared: shareEngine(createArithmeticEngine(0)) })
      assert.equal((await stat(place)).mode & 0o777, 0o700)
      const { engine } = peer(server.address)
      assert.deepEqual(await engine.tokenize(['ab']), [[2]])
      await server.close()
      assert.equal(existsSync(place), false)
      await assert.rejects(engine.tokenize(['ab']), { code: 'engine.died', message: /the connection was closed/ })
      await assert.rejects(peer(server.address).engine.tokenize(['ab']), { code: 'engine.died', message: /ENOENT/ })
    }),
)

test('a model gives the same bytes over a socket, an update a turn, as in a child of its own', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'model')
    await writeTinyModel(path)
    const child = startEngine({ cacheFolder: folder })
    const shared = shareEngine(child, 0)
    const server = await serveEngine(join(folder, 'engine'), { ...quiet, shared })
    const connected = connectToEngine(server.address)
    const own = startEngine({ cacheFolder: folder })
    try {
      assert.deepEqual(await everything(connected, path), await everything(own, path))
    } finally {
      for (const engine of [connected, own]) await engine.close()
      await server.close()
      await shared.close()
    }
  }))

/** One of each call, and the training's events and checkpoints. */
async function everything(engine: Engine, path: string): Promise<unknown[]> {
  const said: unknown[] = []
  const note = (event: unknown): void => void said.push(event)
  said.push(await engine.open({ path, device: 'cpu', decode: 'f32', threads: 1 }))
  const adapter = await engine.createAdapter({ rank: 2, alpha: 4, targets: ['q', 'v'], rslora: false }, 'seed')
  said.push(adapter, await engine.tokenize([' river stone', ' lamp']))
  const samples = ['river', 'stone', 'lamp', 'chair'].map((word) => ({ prompt: ` ${word}`, response: ' garden paper' }))
  const options: TrainRequest['options'] = {
    ...arithmeticTraining(3).options,
    batchSize: 2,
    maxTokens: 16,
    learningRate: 0.01,
    dropout: 0.1,
    trainable: 'AB',
  }
  const trained = await engine.train({ samples, init: adapter, options, checkpointEvery: 2 }, undefined, note)
  assert.equal(trained.losses.length, 6)
  said.push(trained, await engine.score({ samples, adapter: trained.adapter }))
  const sampling = { temperature: 1, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 8, stop: [], seed: 's' }
  const request = { prompts: [' river', ' lamp chair'], adapter: trained.adapter, sampling }
  said.push(await engine.generate(request, undefined, note))
  return said
}
