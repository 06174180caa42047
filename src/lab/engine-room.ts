/**
 * One engine process for all peers of a run, in this process or in others: the base model is in memory once. Or, in such
 * another process, the way to that engine.
 */
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { type PeerSettings, runPeer } from '../../peers/create-peer.ts'
import type { PeerEvent } from '../../peers/events.ts'
import { inputError } from '../core/errors.ts'
import { connectToEngine } from '../engine/connect.ts'
import type { EngineEvent, ModelReference } from '../engine/contract.ts'
import { type EngineServer, serveEngine } from '../engine/serve.ts'
import { shareEngine } from '../engine/share.ts'
import { startEngine } from '../engine/start.ts'
import { readWhole } from '../files/read-whole.ts'
import { type PeerFile, peerFileName, readPeerFile } from './peer-file.ts'

export interface EngineRoom {
  /** Runs the peer whose home this is; `instead` stands in for what its file says. */
  run(
    home: string,
    instead: Partial<PeerFile>,
    publish: (event: PeerEvent) => void,
    signal: AbortSignal,
  ): Promise<string>
  /** Lets peers in other processes use the engine; resolves to its address. `folder` is made, and goes with the room. */
  serve(folder: string): Promise<string>
  close(): Promise<void>
}

export interface EngineRoomOptions {
  /** From the name in a file to the path that opens. */
  readonly findModel: (model: string) => string
  readonly cacheFolder: string
  /** Of an engine that another process serves; absent, one is started. */
  readonly engineAddress?: string
}

export function createEngineRoom(options: EngineRoomOptions): EngineRoom {
  const { findModel, cacheFolder, engineAddress } = options
  const listeners = new Set<(event: EngineEvent) => void>()
  const onEvent = (event: EngineEvent): void => {
    for (const listener of listeners) listener(event)
  }
  const watch = (listener: (event: EngineEvent) => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const engine =
    engineAddress === undefined ? startEngine({ cacheFolder, onEvent }) : connectToEngine(engineAddress, onEvent)
  const shared = shareEngine(engine)
  let server: EngineServer | undefined
  return {
    run: async (home, instead, publish, signal) => {
      const file = { ...(await readPeerFile(join(home, peerFileName))), ...instead }
      const engine = shared.for(file.name)
      const model = await engine.open(referenceOf(file, findModel), signal)
      return runPeer(await settingsOf(home, file), { engine, model, watchEngine: watch, publish }, signal)
    },
    serve: async (folder) => {
      server = await serveEngine(folder, { shared, watch })
      return server.address
    },
    close: async () => {
      await server?.close()
      await shared.close()
    },
  }
}

function referenceOf({ model, engine }: PeerFile, findModel: (model: string) => string): ModelReference {
  const threads = engine.threads === 0 ? availableParallelism() : engine.threads
  const { device, decode } = engine
  return { name: basename(model), path: findModel(model), device, decode, threads }
}

async function settingsOf(home: string, file: PeerFile): Promise<PeerSettings> {
  const { name, data, peers, listen, announce, join: joins, manyPeersPerAddress, ...closer } = file
  const { allow, preSharedKey, rank, model: _, engine: __, ...plan } = closer
  return {
    name,
    home,
    data,
    peers,
    listen,
    announce,
    join: joins,
    manyPeersPerAddress,
    plan,
    ...(rank === undefined ? {} : { rank }),
    ...(allow === undefined ? {} : { allow }),
    ...(preSharedKey === undefined ? {} : { preSharedKey: await readSecret(preSharedKey) }),
  }
}

const keyFile = { area: 'peer', expected: 'a pre-shared key', maxBytes: 1024 }

async function readSecret(file: string): Promise<Uint8Array> {
  const bytes = await readWhole(file, keyFile)
  if (bytes.length === 32) return new Uint8Array(bytes)
  const text = bytes.toString('utf8').trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'))
  throw inputError('peer.secret', `Cannot use ${file}: expected 32 bytes or 64 hex digits, got ${bytes.length} bytes`)
}
