/** One instruction example, private or synthetic. */
export interface Example {
  readonly instruction: string
  /** What the instruction is about; absent, never empty. */
  readonly input?: string
  readonly response: string
}
