/**
 * Keeps an engine alive. A child that died is replaced after a pause; the call under way is reported and made once
 * more (training from its last checkpoint), because requests carry everything they need. Too many deaths in a row end it.
 */
import { FedpitError, localError } from '../core/errors.ts'
import { engineDied } from './client.ts'
import type { Engine, EngineEvent, ModelReference, TrainRequest } from './contract.ts'

/** An engine in a process, or behind a connection, that can be lost. */
export interface RunningEngine {
  readonly engine: Engine
  /** Resolves when it is gone, to the reason in words. */
  readonly ended: Promise<string>
  /** At once, whatever it is doing. */
  kill(): void
}

export interface SupervisorOptions {
  readonly start: () => RunningEngine
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly onEvent?: (event: EngineEvent) => void
  /** Deaths with no finished call between them before it gives up. */
  readonly limit?: number
  /** First pause in ms; it doubles from death to death. */
  readonly backoffMs?: number
}

/** How long a child may take to close before it is killed. */
const closeMs = 2000

export function superviseEngine(options: SupervisorOptions): Engine {
  const { start, sleep, onEvent = () => {}, limit = 4, backoffMs = 100 } = options
  let child: Promise<RunningEngine> | undefined
  let alive: RunningEngine | undefined
  let model: ModelReference | undefined
  let deaths = 0
  let lastReason = ''
  let closed = false

  /** The living child with its model open; starts one where there is none. */
  const living = async (): Promise<RunningEngine> => {
    if (closed) throw localError('engine.closed', 'Cannot use the engine: it was closed')
    if (deaths > limit) {
      throw localError('engine.given-up', `Cannot use the engine: it died ${deaths} times in a row (${lastReason})`)
    }
    child ??= launch()
    return child
  }

  const launch = async (): Promise<RunningEngine> => {
    if (deaths > 0) await sleep(backoffMs * 2 ** (deaths - 1))
    const started = start()
    alive = started
    void started.ended.then((reason) => {
      child = undefined
      alive = undefined
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
      let used: RunningEngine | undefined
      try {
        used = await living()
        const value = await work(used.engine)
        deaths = 0
        return value
      } catch (error) {
        if (!(error instanceof FedpitError) || error.code !== engineDied || closed || attempt === 2) throw error
        // Still there: it only tells of the death of one that it asked, who has been replaced once already.
        if (used !== undefined && used === alive) throw error
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
