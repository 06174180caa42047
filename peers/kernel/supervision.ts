/**
 * One-for-one supervision (Armstrong, "Making reliable distributed systems in the presence of software errors", 2003):
 * a child that fails is started again, alone, after a back-off that doubles; one that fails too often is given up.
 */
import type { Clock } from './ports.ts'

export interface RestartPolicy {
  /** Restarts allowed inside `windowMs`; one more failure is the end. */
  readonly limit: number
  readonly windowMs: number
  /** Wait before the first restart; doubles with each restart in the window, up to `maxBackoffMs`. */
  readonly backoffMs: number
  readonly maxBackoffMs: number
}

/** How a child ended for good. */
export type Death<T> =
  | { readonly type: 'finished'; readonly value: T }
  | { readonly type: 'stopped' }
  | { readonly type: 'given-up'; readonly error: unknown; readonly restarts: number }

export interface Supervision {
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  readonly policy: RestartPolicy
  /** Stops the child; its work is expected to end soon after. */
  readonly signal?: AbortSignal
  readonly onRestart?: (restart: { readonly attempt: number; readonly error: unknown; readonly waitMs: number }) => void
  /** Not every failure gets better by trying again. Default: all do. */
  readonly restartable?: (error: unknown) => boolean
}

/**
 * Runs `child` until it finishes, is stopped or is given up. Never rejects: whoever awaits the result is told of the
 * death (a death watch). Children supervised by separate calls do not touch each other.
 */
export async function supervise<T>(
  child: (signal: AbortSignal) => Promise<T>,
  { clock, policy, signal = new AbortController().signal, onRestart, restartable = () => true }: Supervision,
): Promise<Death<T>> {
  let failures: number[] = []
  let attempt = 0
  for (;;) {
    if (signal.aborted) return { type: 'stopped' }
    try {
      return { type: 'finished', value: await child(signal) }
    } catch (error) {
      if (signal.aborted) return { type: 'stopped' }
      const now = clock.now()
      failures = [...failures.filter((at) => now - at < policy.windowMs), now]
      if (failures.length > policy.limit || !restartable(error)) return { type: 'given-up', error, restarts: attempt }
      attempt += 1
      const waitMs = Math.min(policy.backoffMs * 2 ** (failures.length - 1), policy.maxBackoffMs)
      onRestart?.({ attempt, error, waitMs })
      await clock.sleep(waitMs, signal).catch(() => {})
    }
  }
}
