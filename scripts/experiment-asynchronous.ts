/**
 * `npm run experiment:asynchronous [-- --peers 8] [--rounds 20] [--seeds 8] [--times 5] [--format json]`: peers with a
 * stand-in for the model, of which one is so many times slower, in virtual time. With rounds, and without them under each
 * way of weighing staleness: seconds until the distance of their mean to the optimum, as a share of what it was at first,
 * is no more than a half, a quarter and a tenth for good; where it ends, and when; how far the peers are apart at their
 * widest and at the end. Means over the seeds, and the sample standard deviation of the seconds.
 */
import { parseArgs } from 'node:util'
import { align } from '../src/lab/table.ts'
import { type Course, courseOf, reached, type Way } from './experiments/asynchronous.ts'
import { reportFailures } from './report-failures.ts'
import { spread } from './spread.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '20' },
    seeds: { type: 'string', default: '8' },
    times: { type: 'string', default: '5' },
    format: { type: 'string', default: 'text' },
  },
})
const peers = wholeNumber('--peers', values.peers)
const rounds = wholeNumber('--rounds', values.rounds)
const seeds = wholeNumber('--seeds', values.seeds)
const slow = wholeNumber('--times', values.times)
const ways: readonly Way[] = ['rounds', 'constant', 'polynomial', 'hinge']
const shares = [0.5, 0.25, 0.1]

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

interface Row {
  readonly times: number
  readonly way: Way
  readonly reached: readonly {
    readonly share: number
    readonly seeds: number
    readonly seconds: number | null
    readonly spread: number
  }[]
  readonly meanToOptimum: number
  readonly consensus: number
  readonly widest: number
  readonly staleness: number
  readonly seconds: number
  readonly sumsKept: boolean
}

const rows: Row[] = []
for (const times of new Set([1, slow])) {
  for (const way of ways) {
    const courses: Course[] = []
    for (let seed = 1; seed <= seeds; seed++) {
      process.stderr.write(`${way}, ${times} times slower, seed ${seed}\n`)
      courses.push(await courseOf(way, { peers, times, rounds, seed: String(seed) }, new AbortController().signal))
    }
    rows.push({
      times,
      way,
      reached: shares.map((share) => {
        const at = courses.flatMap((course) => reached(course, share) ?? [])
        return { share, seeds: at.length, seconds: at.length === 0 ? null : mean(at), spread: spread(at).sd }
      }),
      meanToOptimum: mean(courses.map((course) => course.mean)),
      consensus: mean(courses.map(({ consensus }) => consensus)),
      widest: mean(courses.map(({ widest }) => widest)),
      staleness: mean(courses.map(({ staleness }) => staleness)),
      seconds: mean(courses.map(({ seconds }) => seconds)),
      sumsKept: courses.every(({ sumsKept }) => sumsKept),
    })
  }
}
const cell = ({ seconds, spread, seeds: of }: Row['reached'][number]): string =>
  seconds === null ? '-' : `${seconds.toFixed(0)} ± ${spread.toFixed(0)}${of < seeds ? ` (${of} of ${seeds})` : ''}`
const head = [
  'slower',
  'mixing',
  ...shares.map((share) => `to ${share}`),
  'mean ends at',
  'widest',
  'apart',
  'staleness',
  'all done',
  'sums',
]
const table = rows.map(({ times, way, reached, meanToOptimum, consensus, widest, staleness, seconds, sumsKept }) => [
  `${times} x`,
  way,
  ...reached.map(cell),
  ...[meanToOptimum, widest, consensus].map((one) => one.toFixed(4)),
  staleness.toFixed(2),
  seconds.toFixed(0),
  sumsKept ? 'kept' : 'NOT kept',
])
const document = { peers, rounds, seeds, rows }
process.stdout.write(
  values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : `${align([head, ...table])}\n`,
)
