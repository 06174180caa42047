/**
 * Words of any script, for the filters. ROUGE-L as a metric knows a-z and 0-9 alone (rouge-l.ts); a filter that did
 * would let a private text in Cyrillic or Chinese through word for word, because it would see no word in it.
 */

/** Runs of letters, marks and digits; scripts that are written without spaces give one word a character. */
const word =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]|[[\p{L}\p{M}\p{N}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]]+/gv

const wordOrMark = new RegExp(`${word.source}|[^\\s]`, 'gv')

/** In lower case and compatibility form (NFKC), so that full-width letters and ligatures count as the plain ones. */
export function unicodeWords(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(word) ?? []
}

/** The same, and each mark between them as one more. */
export function wordsAndMarks(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(wordOrMark) ?? []
}
