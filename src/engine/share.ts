/**
 * One engine for several peers of a machine: the base model is in memory once. Requests wait in a queue for each peer
 * and the peers take turns, so that one with a hundred requests does not keep out one with a single request, nor one
 * that trains for an hour the others: training goes on at the next turn from where it stood, bit for bit.
 */
import { inputError, localError } from '../core/errors.ts'
import type { Engine, ModelInfo, ModelReference, StepEvent, TrainRequest, TrainResult } from './contract.ts'

export interface SharedEngine {
  /** The engine as one peer sees it; closing it cancels that peer's waiting requests only. */
  for(peer: string): Engine
  /** Closes the engine itself. */
  close(): Promise<void>
}

interface Waiting {
  readonly run: () => Promise<void>
  readonly cancel: (reason: unknown) => void
}

/** A turn's training; an update takes about a second, and sessions for another peer's shapes some tenths of one. */
const trainingTurnMs = 10_000

export function shareEngine(engine: Engine, turnMs = trainingTurnMs): SharedEngine {
  /** In the order of their turns: who was served goes to the end. */
  const queues = new Map<string, Waiting[]>()
  let busy = false
  let opened: { readonly model: string; readonly info: Promise<ModelInfo> } | undefined

  const serveNext = async (): Promise<void> => {
    if (busy) return
    busy = true
    for (;;) {
      const next = [...queues].find(([, queue]) => queue.length > 0)
      if (next === undefined) break
      const [peer, queue] = next
      await queue.shift()?.run()
      // One that closed meanwhile has no queue any more.
      if (queues.delete(peer)) queues.set(peer, queue)
    }
    busy = false
  }

  const enqueue = <T>(peer: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const queue = queues.get(peer) ?? []
      const abort = (): void => waiting.cancel(signal?.reason)
      const waiting: Waiting = {
        run: async () => {
          signal?.removeEventListener('abort', abort)
          await work().then(resolve, reject)
        },
        cancel: (reason) => {
          const at = queue.indexOf(waiting)
          if (at < 0) return
          queue.splice(at, 1)
          signal?.removeEventListener('abort', abort)
          reject(reason)
        },
      }
      if (signal?.aborted === true) {
        reject(signal.reason)
        return
      }
      signal?.addEventListener('abort', abort, { once: true })
      queue.push(waiting)
      queues.set(peer, queue)
      void serveNext()
    })

  /** Opened once, for all; a failure is not remembered. */
  const open = (model: ModelReference, signal?: AbortSignal): Promise<ModelInfo> => {
    const key = JSON.stringify(model)
    if (opened !== undefined && opened.model !== key) {
      throw inputError('engine.other-model', `Cannot open ${model.path}: the shared engine has ${opened.model} open`)
    }
    if (opened === undefined) {
      const info = engine.open(model, signal)
      opened = { model: key, info }
      info.catch(() => {
        opened = undefined
      })
    }
    return opened.info
  }

  const train = async (
    peer: string,
    request: TrainRequest,
    signal: AbortSignal | undefined,
    onStep: ((event: StepEvent) => void) | undefined,
  ): Promise<TrainResult> => {
    for (let turn: TrainRequest = { ...request, pauseAfterMs: turnMs }; ; ) {
      const result = await enqueue(peer, signal, () => engine.train(turn, signal, onStep))
      if (result.paused === undefined) return result
      turn = { ...turn, resume: result.paused }
    }
  }

  return {
    for: (peer) => ({
      open: (model, signal) => enqueue(peer, signal, async () => open(model, signal)),
      generate: (request, signal, onToken) => enqueue(peer, signal, () => engine.generate(request, signal, onToken)),
      score: (request, signal) => enqueue(peer, signal, () => engine.score(request, signal)),
      train: (request, signal, onStep) => train(peer, request, signal, onStep),
      tokenize: (texts, signal) => enqueue(peer, signal, () => engine.tokenize(texts, signal)),
      createAdapter: (config, seed, signal) => enqueue(peer, signal, () => engine.createAdapter(config, seed, signal)),
      close: async () => {
        for (const waiting of [...(queues.get(peer) ?? [])]) waiting.cancel(closedError())
        queues.delete(peer)
      },
    }),
    close: async () => {
      for (const waiting of [...queues.values()].flat()) waiting.cancel(closedError())
      await engine.close()
    },
  }
}

function closedError() {
  return localError('engine.closed', 'Cannot finish the request: the engine was closed before its turn')
}
