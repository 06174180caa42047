/** Token ids one by one -> text. A character's bytes can be spread over several tokens; none is given out in pieces. */
export interface TokenStream {
  push(id: number): string
  /** What is left, with U+FFFD where bytes are missing. */
  flush(): string
}

export function createStream(decode: (ids: readonly number[]) => string): TokenStream {
  // The ids since the last whole character, and the one before them: a decoder may treat a text's first id apart.
  let context: number[] = []
  let pending: number[] = []
  const unread = () => decode([...context, ...pending]).slice(decode(context).length)
  return {
    push: (id) => {
      pending.push(id)
      const text = unread()
      if (text.endsWith('\uFFFD')) return ''
      context = pending.slice(-1)
      pending = []
      return text
    },
    flush: () => {
      const text = unread()
      context = []
      pending = []
      return text
    },
  }
}
