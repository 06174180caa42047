/** What all peers of a federation do alike. Times are seconds, as people write them. */
import type { CodecName } from '../src/averaging/codecs/by-name.ts'
import type { Outer } from '../src/averaging/outer.ts'
import type { RobustName } from '../src/averaging/robust/by-name.ts'
import type { Staleness } from '../src/averaging/staleness.ts'
import type { FedPitSettings } from '../src/fedpit/hyper-parameters.ts'
import type { LoraConfig } from '../src/lora/adapter.ts'
import type { Factoring } from '../src/lora/factoring.ts'
import type { Deadlines } from './behaviour/lifecycle-parts.ts'

export interface FederationPlan {
  /** Peers of another federation are refused. */
  readonly federation: string
  /** Public: the frozen A factors and every random stream follow from it. */
  readonly seed: string
  /** Where mixing is asynchronous: updates a peer, on average. */
  readonly rounds: number
  readonly mode: 'isolated'
  readonly topology: string
  readonly lora: LoraConfig
  readonly mixing: MixingPlan
  /** The method's numbers: self-generation, selection, training. */
  readonly fedpit: FedPitSettings
  readonly evaluation: EvaluationPlan
  /** Seconds. */
  readonly deadlines: Deadlines
}

/** When peers mix: all together at the end of a round, or each with one partner whenever it is ready. */
export const timings = ['rounds', 'asynchronous'] as const

export interface MixingPlan {
  readonly timing: (typeof timings)[number]
  /** What an exchange weighs where the timing is asynchronous. */
  readonly staleness: Staleness
  /** Which factors of the shared adapter are trained and mixed. */
  readonly factors: Factoring
  /** What a round makes of the averaged update. */
  readonly outer: Outer
  /** How what is mixed travels. */
  readonly codec: CodecName
  /** What keeps a member with bad updates from spoiling the others'. */
  readonly robust: RobustName
}

export interface EvaluationPlan {
  /** Share of the private examples that is set aside before anything else. */
  readonly heldOut: number
  readonly maxNewTokens: number
}
