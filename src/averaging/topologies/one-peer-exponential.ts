/**
 * One partner a round, 1, 2, 4, 8 ... places away (Ying et al. 2021). Theirs is directed: peer i sends to i + 2^t and
 * hears from i - 2^t, exact after log2(n) rounds where n is a power of two. That would need a carrier that works one way
 * (push-sum with running sums, Hadjicostis and Vaidya), and a lost message would move the mean. This is its symmetric
 * twin, a hypercube: i averages with i xor 2^t, as many rounds, exact for the same n, and no loss moves the mean. With
 * other n the peers without a partner wait, and it only converges.
 */
import { edge, type Round } from '../schedule.ts'
import { cycle, endless } from './kinds.ts'
import { hops } from './static-exponential.ts'

export const onePeerExponential = endless({
  name: 'one-peer-exponential',
  exactAfter: (n) => (n < 2 ? 0 : 2 ** hops(n).length === n ? hops(n).length : undefined),
  schedule: (n) => cycle(hops(n).map((hop) => pairs(n, hop))),
})

function pairs(n: number, hop: number): Round {
  const lower = Array.from({ length: n }, (_, i) => i).filter((i) => (i & hop) === 0 && i + hop < n)
  return lower.map((i) => edge(i, i + hop, 1, 2))
}
