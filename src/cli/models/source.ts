/** What a source of models is given, and what it says of what it brought. */
export interface PulledFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export interface PullContext {
  readonly signal: AbortSignal
  /** `activity` is what goes on, `detail` how far it is. */
  readonly onProgress: (activity: string, detail?: string) => void
}

/** Kept beside a model as `source.json`: where it came from. */
export interface ModelSource {
  readonly from: 'hub' | 'pip' | 'path'
  /** Repository, requirement or path. */
  readonly origin: string
  readonly licence?: string
  readonly files: readonly PulledFile[]
}

/** The files of a Hugging Face directory that the program reads; it takes no others. */
export function isModelFile(name: string): boolean {
  return /^(config|generation_config|tokenizer|tokenizer_config)\.json$|^chat_template\.jinja$|^model(-\d{5}-of-\d{5})?\.safetensors$|^model\.safetensors\.index\.json$/.test(
    name,
  )
}

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
