/** What a tokenizer is made of, as Hugging Face's files say it. */

/** tokenizer.json and tokenizer_config.json, parsed, and what generation_config.json or GGUF says of the ends. */
export interface TokenizerFiles {
  readonly tokenizer: TokenizerJson
  readonly config: Readonly<Record<string, unknown>>
  readonly bos: number | undefined
  readonly ends: readonly number[]
  readonly chatTemplate: string | undefined
}

export interface TokenizerJson {
  readonly added_tokens?: readonly { readonly id: number; readonly content: string; readonly special: boolean }[]
  readonly pre_tokenizer?: unknown
  readonly [key: string]: unknown
}
