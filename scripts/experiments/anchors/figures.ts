/**
 * The figures that `experiment:anchors` compares with: computed by simulation (numpy, float64, vectors and no model),
 * unpublished. A cell has one number for each figure of its table; `-`: not reached, or not run; `*`: not by all seeds.
 */
import type { Errors, Faults } from './mixing.ts'
import type { Form } from './plan.ts'
import type { Loop, LoopFigures } from './product-loop.ts'

/** Of the cells of a row. */
export const sizes: readonly number[] = [8, 16, 32, 64, 128]

/**
 * `exact`: as many rounds, whatever the draw. `one-of`: the anchor is one draw of starting values, so it lies within
 * four standard deviations of ours. `no-more`: at most a tenth above the anchor. Undefined: nothing is asked.
 */
export type Target = 'exact' | 'one-of' | 'no-more' | undefined

export interface Row {
  readonly name: string
  readonly form: Form
  readonly target: Target
  readonly cells: readonly string[]
  /** Where not one session is looked at, but session after session. */
  readonly loop?: Loop
}

export interface Figure {
  readonly label: string
  /** What is counted are the rounds until so much is left; without it, what is left in the end is given. */
  readonly goal?: number
  readonly of: keyof Errors | keyof LoopFigures
}

export interface Table {
  readonly says: string
  readonly figures: readonly Figure[]
  /** Nothing fails where there are none. */
  readonly faults?: Faults
  readonly rows: readonly Row[]
}

const rounds = (goal: string, of: keyof Errors, label = goal): Figure => ({ label, goal: Number(goal), of })

const row = (name: string, form: Form, target: Target, cells: string): Row => ({
  name,
  form,
  target,
  cells: cells.split(' '),
})

/** 16 normal coordinates; random graphs are means of 10 draws. */
const lossless: Table = {
  says: 'A: nothing is lost; rounds to 1e-3 and 1e-6 of the disagreement',
  figures: [rounds('1e-3', 'all'), rounds('1e-6', 'all')],
  rows: [
    row('base-2', 'roster', 'exact', '3/3 4/4 5/5 6/6 7/7'),
    row('base-4', 'roster', 'exact', '2/2 2/2 3/3 3/3 4/4'),
    row('one-peer-exponential', 'roster', 'exact', '3/3 4/4 5/5 6/6 7/7'),
    row('complete', 'roster', 'exact', '1/1 1/1 1/1 1/1 1/1'),
    row('star', 'roster', 'one-of', '52/104 107/214 218/435 439/877 881/1762'),
    row('ring', 'roster', 'one-of', '29/61 116/248 399/935 1602/3751 6178/14776'),
    row('torus', 'roster', 'one-of', '10/20 13/26 44/100 45/100 159/382'),
    // The anchor's graph is directed, with half as many partners.
    row('static-exponential', 'roster', undefined, '9/19 11/24 14/31 16/36 17/40'),
    row('small-world', 'roster', undefined, '12/25 40/89 99/232 195/473 253/635'),
    row('erdos-renyi', 'roster', undefined, '24/52 29/66 30/67 28/67 25/61'),
    row('k-regular-4', 'roster', undefined, '8/18 18/40 29/66 34/79 35/85'),
    row('k-regular-6', 'roster', undefined, '1/1 10/21 14/31 17/39 18/41'),
    row('random-matching', 'roster', undefined, '11/14 18/35 19/38 20/40 20/40'),
    row('equitopo', 'roster', undefined, '13/24 21/40 22/41 24/45 23/45'),
    row('epidemic-4', 'roster', undefined, '6/12 8/15 8/16 9/17 9/17'),
    row('random-cliques-4', 'roster', undefined, '3/- 8/- 10/- 10/- -/-'),
    row('moshpit-4', 'roster', undefined, '2/- 8/- 9/- 10/- -/-'),
  ],
}

/** 8 seeds, 8 coordinates. */
const offline: Table = {
  says: 'B: 30 % offline, drawn each round, 10 % of messages lost; rounds to 1e-2 and 1e-3 of the true mean',
  figures: [rounds('1e-2', 'all'), rounds('1e-3', 'all')],
  faults: { rounds: 400, leaves: 0.3, returns: 0.7, loss: 0.1, attempts: 1, lateCommit: 0 },
  rows: [
    row('ring', 'roster', 'no-more', '51/79 171/284 -/- -/- -/-'),
    row('torus', 'roster', 'no-more', '19/29 24/37 69/119 68/116 203/386*'),
    row('k-regular-4', 'roster', 'no-more', '16/26 36/60 49/84 46/80 50/89'),
    row('erdos-renyi', 'roster', 'no-more', '30/48 73/132 31/53 43/77 73/140'),
    row('complete', 'roster', 'no-more', '10/14 10/15 11/15 11/16 11/16'),
    row('base-2', 'roster', 'no-more', '33/45 36/57 47/71 50/78 52/85'),
    row('base-4', 'roster', 'no-more', '17/27 18/28 28/42 25/40 31/49'),
    row('random-matching', 'live', 'no-more', '23/33 26/39 27/40 28/41 28/42'),
    row('random-cliques-4', 'live', 'no-more', '13/18 15/21 14/21 15/22 15/22'),
    // The anchor's groups give up as a whole when one message is lost; here an edge does.
    row('moshpit-4', 'live', 'no-more', '20/29 23/35 25/38 27/42 26/38'),
  ],
}

/** 8 seeds. */
const ledgered: Table = {
  says: 'C: peers up for 20 rounds and down for 8.6, 10 % of messages lost, three attempts, 5 % of commits late; rounds to 1e-2 and 1e-3 of the true mean, over those that are up, and what is left after 120',
  // The anchor does not say over whom it takes the error; over those that are up ours agree with it, over all they do not.
  figures: [
    rounds('1e-2', 'up'),
    rounds('1e-3', 'up'),
    { label: 'left', of: 'up' },
    rounds('1e-2', 'all', '1e-2, all'),
    rounds('1e-3', 'all', '1e-3, all'),
  ],
  faults: { rounds: 120, leaves: 0.05, returns: 0.1167, loss: 0.1, attempts: 3, lateCommit: 0.05 },
  rows: [
    row('random-matching', 'live', 'no-more', '42/58/9.6e-6 44/65/3.9e-5 39/67/2.9e-5 45/74/4.0e-5 48/73/1.0e-4'),
    row('base-2', 'session', 'no-more', '47/65 60/87* 68/102* 81/104* 86/115*'),
    row('base-4', 'session', 'no-more', '26/34 44/63 45/70 52/88 55/87'),
    row('base-8', 'session', 'no-more', '30/43 34/48 36/59 43/62 44/69'),
  ],
}

const loopRow = (name: string, loop: Loop, cells: string): Row => ({
  ...row(name, loop.schedule === undefined ? 'live' : 'session', 'no-more', cells),
  loop,
})
const cliques = (rounds: number) => ({ over: 'random-cliques-4', rounds }) as const
const pairs = (rounds: number) => ({ over: 'random-matching', rounds }) as const

/** Apart, and what a peer sends. */
const productLoop: Table = {
  says: 'E: session after session, each with a fresh update of variance 1 on every peer; peers up for 20 rounds (or 100) and down for 8.6 (or 43), nothing lost, who comes back pulls; distance from their mean of those that are up after a session, states that a peer sends in it, share of the sessions whose members that stayed end alike',
  figures: [
    { label: 'apart', of: 'apart' },
    { label: 'sends', of: 'sends' },
    { label: 'alike', of: 'exact' },
  ],
  rows: [
    loopRow('base-2', { uptime: 20, schedule: 'base-2' }, '0.23/2.6 0.30/3.9 0.31/5.3 0.32/6.4 0.30/7.7'),
    loopRow(
      'base-2, 8 pairs',
      { uptime: 20, schedule: 'base-2', mopUp: pairs(8) },
      '0.0038/9.8 0.013/11.6 0.016/13.1 0.018/14.3 0.018/15.6',
    ),
    loopRow('base-4', { uptime: 20, schedule: 'base-4' }, '0.17/3.6 0.24/5.2 0.27/7.1 0.28/9.2 0.28/11.3'),
    loopRow(
      'base-4, 2 cliques',
      { uptime: 20, schedule: 'base-4', mopUp: cliques(2) },
      '0.022/8.4 0.041/11 0.055/13 0.064/15 0.065/17',
    ),
    loopRow(
      'base-4, 4 cliques',
      { uptime: 20, schedule: 'base-4', mopUp: cliques(4) },
      '0.0021/13.4 0.0072/16.5 0.013/18.9 0.015/21.0 0.016/23.1',
    ),
    loopRow('8 pairs', { uptime: 20, mopUp: pairs(8) }, '0.019/7.2 0.041/7.6 0.055/7.8 0.059/7.9 0.060/8.0'),
    loopRow(
      '16 pairs',
      { uptime: 20, mopUp: pairs(16) },
      '0.0004/14.4 0.0017/15.3 0.0027/15.6 0.0034/15.8 0.0037/15.9',
    ),
    loopRow('complete', { uptime: 20, schedule: 'complete' }, '0.13/4.6 0.19/8.9 0.18/20 0.22/39 0.21/83'),
    loopRow('100: base-2', { uptime: 100, schedule: 'base-2' }, '0.064/- 0.114/- 0.131/- 0.143/- 0.146/-'),
    {
      ...loopRow('100: base-4', { uptime: 100, schedule: 'base-4' }, '-/-/0.88 -/-/0.75 -/-/0.38 -/-/0.06 -/-/0.01'),
      target: undefined,
    },
    loopRow(
      '100: base-4, 2 cliques',
      { uptime: 100, schedule: 'base-4', mopUp: cliques(2) },
      '0.0057/9.4 0.012/11.7 0.018/14.7 0.029/17.3 0.029/19.4',
    ),
    loopRow(
      '100: base-4, 4 cliques',
      { uptime: 100, schedule: 'base-4', mopUp: cliques(4) },
      '0.0009/14.2 0.0020/17.0 0.0048/20 0.0061/23 0.0070/26',
    ),
    loopRow('100: 16 pairs', { uptime: 100, mopUp: pairs(16) }, '0.0008/- 0.0022/- 0.0029/- 0.0035/- 0.0038/-'),
  ],
}

export const tables: Readonly<Record<string, Table>> = { a: lossless, b: offline, c: ledgered, e: productLoop }
