/** How a random federation mixes: any combination of settings that a plan may have. */
import { codecNames } from '../../averaging/codecs/by-name.ts'
import { outers } from '../../averaging/outer.ts'
import { robustNames } from '../../averaging/robust/by-name.ts'
import { stalenessWeights } from '../../averaging/staleness.ts'
import type { Random } from '../../core/random.ts'
import { factorings } from '../../lora/factoring.ts'

/** Of the numbers of a factor that moves alone, `top-k` says a tenth, and a search needs several side by side. */
const numbers = { mixed: 8, inTopK: 80, product: 9 }
/** Where adapters of different ranks are mixed. */
const mostRank = 2
/** Of all federations, those without rounds. */
const asynchronousShare = 0.2

/** Fields of a scenario; `peers` only where they need not be alike. */
export function drawMixing(names: readonly string[], random: Random) {
  if (random.next() < asynchronousShare) return drawWithoutRounds(random)
  const factors = drawOf(factorings, random)
  const timing = 'rounds'
  if (factors === 'svd') {
    return {
      mixing: { timing, factors },
      lora: { rank: mostRank },
      standIn: { numbers: numbers.product },
      peers: names.map((name) => ({ name, rank: 1 + random.below(mostRank) })),
    }
  }
  const mixing = {
    timing,
    factors,
    outer: drawOf(outers, random),
    codec: drawOf(codecNames, random),
    robust: drawOf(robustNames, random),
  }
  return { mixing, standIn: { numbers: mixing.codec === 'top-k' ? numbers.inTopK : numbers.mixed } }
}

/** What else mixing may be, a plan refuses here. */
function drawWithoutRounds(random: Random) {
  const staleness = {
    weight: drawOf(stalenessWeights, random),
    bound: 1 + random.below(8),
    floor: drawOf([0.1, 0.01, 1], random),
  }
  const factors = drawOf(['ffa', 'both'], random)
  return { mixing: { timing: 'asynchronous', staleness, factors }, standIn: { numbers: numbers.mixed } }
}

/** Every other time the first, which is what a plan has where it says nothing. */
function drawOf<T>(items: readonly [T, ...T[]], random: Random): T {
  return random.next() < 0.5 ? items[0] : (items[random.below(items.length)] as T)
}
