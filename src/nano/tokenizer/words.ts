/**
 * Text -> words, as byte-level BPE cuts it before any pair is merged, and bytes as the characters of a vocabulary.
 * Must be what `preTokenizer` means to the libraries that read it from tokenizer.json.
 */

/**
 * Digits in pairs, so that numbers of any length are made of 110 tokens, and those of a document seldom share one: what
 * copies a number looks for the place after the token at hand. Then GPT-2's rule.
 */
export const preTokenizer = {
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: '\\p{N}{1,2}' }, behavior: 'Isolated', invert: false },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  ],
}

/** Radford et al. 2019; \p{N} meets no more than two digits here, which stand apart already. */
const piece = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

export function cut(text: string): string[] {
  return text.split(/(\p{N}{1,2})/u).flatMap((part) => part.match(piece) ?? [])
}

/**
 * The character that stands for each byte, so that a vocabulary is printable text (GPT-2): the byte's own where it is
 * visible in Latin-1, and one from U+0100 on for the others, in order.
 */
export const byteCharacters: readonly string[] = (() => {
  const visible = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
  let hidden = 0x100
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(visible(byte) ? byte : hidden++))
})()
