/** `tokenizer.ggml.token_type` (enum llama_token_type in llama.cpp's llama.h), and what follows from it. */
export const tokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const

/** The tokens that are found in a text before the rest is cut: as they stand, anywhere. */
export function addedTokens(tokens: readonly string[], types: readonly number[], specialTypes: readonly number[]) {
  const found = { single_word: false, lstrip: false, rstrip: false, normalized: false }
  return tokens.flatMap((content, id) => {
    const special = specialTypes.includes(types[id] ?? 0)
    // An empty one would be found between any two characters.
    if (content === '' || !(special || types[id] === tokenType.userDefined)) return []
    return [{ ...found, content, id, special }]
  })
}
