/** Peers that go down and come up by themselves until a time in seconds: by a model, or by a trace in a file. */
import type { Random } from '../../core/random.ts'

export interface DrawnChurn {
  /** As a scenario has it. */
  readonly churn: { readonly model: string }
  /** Text of the trace by its path; nothing of it is on a disk. */
  readonly texts: ReadonlyMap<string, string>
}

const file = '/drawn/trace.csv'

export function drawChurn(names: readonly string[], until: number, random: Random): DrawnChurn {
  const lengths = { upSeconds: 20 + random.below(60), downSeconds: 2 + random.below(20), until }
  const models = [
    { model: 'exponential', ...lengths },
    { model: 'weibull', ...lengths, shape: 0.5 + random.next() },
    { model: 'diurnal', periodSeconds: 40 + random.below(40), up: 0.4 + 0.5 * random.next(), until },
    { model: 'trace', file },
  ]
  const churn = models[random.below(models.length)] as (typeof models)[number]
  const texts = new Map(churn.model === 'trace' ? [[file, drawTrace(names, until, random)]] : [])
  return { churn, texts }
}

/** Everybody who goes down comes up again; who is down already may go down once more, as in logs of real machines. */
function drawTrace(names: readonly string[], until: number, random: Random): string {
  const outages = Array.from({ length: 1 + random.below(2 * names.length) }, () => {
    const peer = names[random.below(names.length)]
    const [from, to] = [random.next() * until, random.next() * until].sort((a, b) => a - b) as [number, number]
    return `${from.toFixed(3)},${peer},down\n${to.toFixed(3)},${peer},up\n`
  })
  return outages.join('')
}
