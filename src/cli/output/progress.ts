/**
 * Live progress for people, on standard error: one line that is redrawn on a terminal, and where there is none (a log
 * file, CI) a line whenever the activity changes or enough time went by.
 */
export interface Progress {
  /** `activity` names what runs (`training`), `detail` how far it is (`step 3/20, loss 2.31`). */
  update(activity: string, detail?: string): void
  /** Removes the live line, so that other output starts on a clean one. */
  clear(): void
}

export interface ProgressSink {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const redrawMs = 50
const logMs = 10_000

export function createProgress(sink: ProgressSink, now: () => number): Progress {
  let activity = ''
  let shownAt = Number.NEGATIVE_INFINITY
  let drawn = false

  const show = (line: string): void => {
    if (sink.isTTY === true) {
      sink.write(`\r\u001b[K${[...line].slice(0, (sink.columns ?? 80) - 1).join('')}`)
      drawn = true
    } else {
      sink.write(`${line}\n`)
    }
  }

  return {
    update: (next, detail = '') => {
      const time = now()
      const due = time - shownAt >= (sink.isTTY === true ? redrawMs : logMs)
      if (next === activity && !due) return
      activity = next
      shownAt = time
      show(detail === '' ? next : `${next}: ${detail}`)
    },
    clear: () => {
      if (drawn) sink.write('\r\u001b[K')
      drawn = false
      activity = ''
      shownAt = Number.NEGATIVE_INFINITY
    },
  }
}
