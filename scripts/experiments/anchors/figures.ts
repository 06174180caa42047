/**
 * The figures that `experiment:anchors` compares with: computed by simulation (numpy, float64, vectors and no model),
 * unpublished. A cell has one number for each figure of its table; `-`: not reached, or not run; `*`: not by all seeds.
 */
import type { Errors, Faults } from './mixing.ts'
import type { Form } from './plan.ts'

/** Of the cells of a row. */
export const sizes: readonly number[] = [8, 16, 32, 64, 128]

/**
 * `exact`: as many rounds, whatever the draw. `one-of`: the anchor is one draw of starting values, so it lies within
 * two standard deviations of ours. `no-more`: at most a tenth above the anchor. Undefined: nothing is asked.
 */
export type Target = 'exact' | 'one-of' | 'no-more' | undefined

export interface Row {
  readonly name: string
  readonly form: Form
  readonly target: Target
  readonly cells: readonly string[]
}

export interface Figure {
  readonly label: string
  /** What is counted are the rounds until so much is left; without it, what is left in the end is given. */
  readonly goal?: number
  readonly of: keyof Errors
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

export const tables: Readonly<Record<string, Table>> = { a: lossless, b: offline, c: ledgered }
