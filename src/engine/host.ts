/** Serves an engine over a channel, one request at a time in the order of arrival. */
import { FedpitError } from '../core/errors.ts'
import type { Engine } from './contract.ts'
import type { CallMessage, Calls, Channel, FromEngine, RemoteFailure, ToEngine } from './protocol.ts'

/** Returns what stops the service; requests under way are aborted then. */
export function hostEngine(engine: Engine, channel: Channel<FromEngine, ToEngine>): () => void {
  const running = new Map<number, AbortController>()
  let last: Promise<void> = Promise.resolve()

  const serve = async (message: CallMessage, { signal }: AbortController): Promise<void> => {
    const { id } = message
    try {
      signal.throwIfAborted()
      const value = await call(engine, message, signal, (event) => channel.send({ type: 'progress', id, event }))
      channel.send({ type: 'done', id, value })
    } catch (error) {
      channel.send({ type: 'failed', id, error: signal.aborted ? { aborted: true } : failureOf(error) })
    } finally {
      running.delete(id)
    }
  }
  const abortAll = (): void => {
    for (const controller of running.values()) controller.abort()
  }
  const stop = channel.receive({
    message: (message) => {
      if (message.type === 'abort') {
        running.get(message.id)?.abort()
        return
      }
      const controller = new AbortController()
      running.set(message.id, controller)
      last = last.then(() => serve(message, controller))
    },
    closed: abortAll,
  })
  return () => {
    stop()
    abortAll()
  }
}

async function call(
  engine: Engine,
  message: CallMessage,
  signal: AbortSignal,
  progress: (event: Calls[CallMessage['name']]['progress']) => void,
): Promise<Calls[CallMessage['name']]['value']> {
  switch (message.name) {
    case 'open':
      return engine.open(message.request, signal)
    case 'generate':
      return engine.generate(message.request, signal, progress)
    case 'score':
      return engine.score(message.request, signal)
    case 'train':
      return engine.train(message.request, signal, progress)
    case 'tokenize':
      return engine.tokenize(message.request, signal)
    case 'createAdapter':
      return engine.createAdapter(message.request.config, message.request.seed, signal)
    case 'close':
      await engine.close()
      return null
  }
}

function failureOf(error: unknown): RemoteFailure {
  if (error instanceof FedpitError) return { aborted: false, ...error.toObject() }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { aborted: false, message: text, detail: { family: 'bug', code: 'engine.unexpected' } }
}
