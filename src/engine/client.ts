/** An `Engine` whose work is done at the other end of a channel. */
import { FedpitError, localError } from '../core/errors.ts'
import type { Engine, EngineEvent } from './contract.ts'
import type { CallMessage, CallName, Calls, Channel, FromEngine, ToEngine } from './protocol.ts'

interface Pending {
  readonly resolve: (value: FromEngine & { type: 'done' }) => void
  readonly reject: (error: unknown) => void
  readonly progress: (event: Calls[CallName]['progress']) => void
  readonly signal: AbortSignal | undefined
}

/** The code of the error that every call under way gets when the engine's process, or the way to it, is lost. */
export const engineDied = 'engine.died'

/**
 * An aborted call is rejected with the signal's reason once the engine has let go of it: the next call then finds it
 * free. When the channel closes, all calls are rejected with `engine.died`.
 */
export function connectEngine(
  channel: Channel<ToEngine, FromEngine>,
  onEvent: (event: EngineEvent) => void = () => {},
): Engine {
  const pending = new Map<number, Pending>()
  let nextId = 0
  let closed: FedpitError | undefined

  channel.receive({
    message: (message) => {
      if (message.type === 'event') {
        onEvent(message.event)
        return
      }
      const call = pending.get(message.id)
      if (call === undefined) return
      if (message.type === 'progress') {
        call.progress(message.event)
        return
      }
      pending.delete(message.id)
      if (message.type === 'done') call.resolve(message)
      else if (message.error.aborted) call.reject(call.signal?.reason)
      else call.reject(FedpitError.fromObject(message.error))
    },
    closed: (reason) => {
      closed = localError(engineDied, `Cannot finish the engine's work: it is gone (${reason})`)
      for (const call of pending.values()) call.reject(closed)
      pending.clear()
    },
  })

  async function call<Name extends CallName>(
    name: Name,
    request: Calls[Name]['request'],
    signal?: AbortSignal,
    progress: (event: Calls[Name]['progress']) => void = () => {},
  ): Promise<Calls[Name]['value']> {
    signal?.throwIfAborted()
    if (closed !== undefined) throw closed
    const id = nextId++
    const abort = (): void => channel.send({ type: 'abort', id })
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const done = await new Promise<FromEngine & { type: 'done' }>((resolve, reject) => {
        pending.set(id, { resolve, reject, signal, progress: progress as Pending['progress'] })
        channel.send({ type: 'call', id, name, request } as CallMessage)
      })
      return done.value as Calls[Name]['value']
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    open: (model, signal) => call('open', model, signal),
    generate: (request, signal, onToken) => call('generate', request, signal, onToken),
    score: (request, signal) => call('score', request, signal),
    train: (request, signal, onStep) => call('train', request, signal, onStep),
    tokenize: (texts, signal) => call('tokenize', texts, signal),
    createAdapter: (config, seed, signal) => call('createAdapter', { config, seed }, signal),
    close: async () => {
      await call('close', null)
    },
  }
}
