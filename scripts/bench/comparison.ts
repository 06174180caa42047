/** Two programs that do the same work, turn about, each time as a whole process: what each reached, and the ratio. */
import type { Summary } from './timings.ts'

export interface Side {
  readonly tokensPerSecond: Summary
  /** Highest resident memory of the process, in MB (10⁶ bytes). */
  readonly peakMemoryMB: number
}

export interface Comparison<Ours extends Side = Side, Theirs extends Side = Side> {
  readonly fedpit: Ours
  readonly pytorch: Theirs
  /** Ours over theirs: tokens/s best over best, median over median; peak memory. */
  readonly ratio: { readonly tokensPerSecond: Summary; readonly peakMemory: number }
}

export interface AlternateOptions<Ours extends Side, Theirs extends Side> {
  readonly fedpit: () => Promise<Ours>
  readonly pytorch: () => Promise<Theirs>
  readonly alternations: number
  readonly note: (line: string) => void
}

/** Both meet the same machine at nearly the same time, which absolute figures of two days do not. */
export async function alternate<Ours extends Side, Theirs extends Side>(
  options: AlternateOptions<Ours, Theirs>,
): Promise<Comparison<Ours, Theirs>> {
  const { alternations, note } = options
  const [ours, theirs]: [Ours[], Theirs[]] = [[], []]
  for (let i = 1; i <= alternations; i++) {
    const [fedpit, pytorch] = [await options.fedpit(), await options.pytorch()]
    ours.push(fedpit)
    theirs.push(pytorch)
    note(`alternation ${i} of ${alternations}: ${rateOf(fedpit)} and ${rateOf(pytorch)} tokens/s`)
  }
  return compare(ours, theirs)
}

/** Of one run or more each. What else a run says is that of the last one. */
export function compare<Ours extends Side, Theirs extends Side>(
  ours: readonly Ours[],
  theirs: readonly Theirs[],
): Comparison<Ours, Theirs> {
  const [fedpit, pytorch] = [merged(ours), merged(theirs)]
  const over = (of: keyof Summary) => fedpit.tokensPerSecond[of] / pytorch.tokensPerSecond[of]
  const tokensPerSecond = { best: over('best'), median: over('median') }
  return { fedpit, pytorch, ratio: { tokensPerSecond, peakMemory: fedpit.peakMemoryMB / pytorch.peakMemoryMB } }
}

/** The best run, the median of medians, the largest memory. */
function merged<S extends Side>(sides: readonly S[]): S {
  const medians = sides.map(({ tokensPerSecond }) => tokensPerSecond.median).sort((a, b) => a - b)
  return {
    ...(sides.at(-1) as S),
    tokensPerSecond: {
      best: Math.max(...sides.map(({ tokensPerSecond }) => tokensPerSecond.best)),
      median: medians[Math.floor(medians.length / 2)] as number,
    },
    peakMemoryMB: Math.max(...sides.map(({ peakMemoryMB }) => peakMemoryMB)),
  }
}

function rateOf({ tokensPerSecond }: Side): string {
  return tokensPerSecond.median.toFixed(0)
}
