/** What the peers of `npm start` hold: examples of families that the built-in model has never seen, a trade each. */
import { createRandom } from '../../src/core/random.ts'
import { families } from '../../src/nano/corpus/families.ts'
import { drawExamples } from '../evaluate/draw-examples.ts'

const examplesEach = 40

/** JSON Lines by file name: `clinic.jsonl`, `bank.jsonl` and so on. The same every time. */
export function nanoExamples(): ReadonlyMap<string, string> {
  const heldOut = families.filter(({ split }) => split === 'heldOut')
  return new Map(
    [...Map.groupBy(heldOut, ({ trade }) => trade)].map(([trade, own]) => {
      const random = createRandom(`nano/examples/${trade}`)
      // Turn about, so shuffled: whoever takes the last ones away for evaluation takes some of each family.
      const examples = random.shuffle(drawExamples(own, examplesEach, random))
      return [fileOf(trade), examples.map((example) => `${JSON.stringify(example)}\n`).join('')]
    }),
  )
}

function fileOf(trade: string): string {
  return `${trade.replaceAll(' ', '-')}.jsonl`
}
