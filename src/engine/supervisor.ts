/**
 * Keeps an engine alive. A child that died is replaced after a pause; the call under way is reported and made once
 * more (training from its last checkpoint), because requests carry everything they need. Too many deaths in a row end it.
 */
import { FedpitError, localError } from '../core/errors.ts'
import type { EngineChild } from './child.ts'
import { engineDied } from './client.ts'
import type { Engine, ModelReference, TrainRequest } from './contract.ts'

export type SupervisorEvent =
  | { readonly type: 'engine.restarted'; readonly reason: string; readonly attempt: number }
  | { readonly type: 'engine.retrying'; readonly call: string; readonly reason: string }

export interface SupervisorOptions {
  readonly start: () => EngineChild
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly onEvent?: (event: SupervisorEvent) => void
  /** Deaths with no finished call between them before it gives up. */
  readonly limit?: number
  /** First pause in ms; it doubles from death to death. */
  readonly backoffMs?: number
}

/** How long a child may take to close before it is killed. */
const closeMs = 2000

export function superviseEngine(options: SupervisorOptions): Engine {
  const { start, sleep, onEvent = () => {}, limit = 4, backoffMs = 100 } = options
  let child: Promise<EngineChild> | undefined
  let model: ModelReference | undefined
  let deaths = 0
  let lastReason = ''
  let closed = false

  /** The living child with its model open; starts one where there is none. */
  const living = async (): Promise<EngineChild> => {
    if (closed) throw localError('engine.closed', 'Cannot use the engine: it was closed')
    if (deaths > limit) {
      throw localError('engine.given-up', `Cannot use the engine: it died ${deaths} times in a row (${lastReason})`)
    }
    child ??= launch()
    return child
  }

  const launch = async (): Promise<EngineChild> => {
    if (deaths > 0) await sleep(backoffMs * 2 ** (deaths - 1))
    const started = start()
    void started.ended.then((reason) => {
      child = undefined
      deaths += 1
      lastReason = reason
    })
    if (deaths > 0) onEvent({ type: 'engine.restarted', reason: lastReason, attempt: deaths })
    try {
      if (model !== undefined) await started.engine.open(model)
    } catch (error) {
      started.kill()
      throw error
    }
    return started
  }

  const retried = async <T>(name: string, work: (engine: Engine) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const value = await work((await living()).engine)
        deaths = 0
        return value
      } catch (error) {
        if (!(error instanceof FedpitError) || error.code !== engineDied || closed || attempt === 2) throw error
        onEvent({ type: 'engine.retrying', call: name, reason: lastReason })
      }
    }
  }

  return {
    open: (reference, signal) => {
      model = undefined
      return retried('open', async (engine) => {
        const info = await engine.open(reference, signal)
        model = reference
        return info
      })
    },
    generate: (request, signal, onToken) => retried('generate', (engine) => engine.generate(request, signal, onToken)),
    score: (request, signal) => retried('score', (engine) => engine.score(request, signal)),
    train: (request, signal, onStep) => {
      let latest: TrainRequest = request
      return retried('train', (engine) =>
        engine.train(latest, signal, (event) => {
          if (event.checkpoint !== undefined) latest = { ...request, resume: event.checkpoint }
          onStep?.(event)
        }),
      )
    },
    tokenize: (texts, signal) => retried('tokenize', (engine) => engine.tokenize(texts, signal)),
    createAdapter: (config, seed, signal) =>
      retried('createAdapter', (engine) => engine.createAdapter(config, seed, signal)),
    close: async () => {
      if (closed) return
      closed = true
      const last = await child?.catch(() => undefined)
      if (last === undefined) return
      const waiting = new AbortController()
      const late = sleep(closeMs, waiting.signal).catch(() => {})
      await Promise.race([last.engine.close().catch(() => {}), late])
      waiting.abort()
      last.kill()
      await last.ended
    },
  }
}
