/**
 * Learning byte-pair merges (Sennrich et al., arXiv 1508.07909): again and again the pair of neighbours that is most
 * frequent inside words becomes one symbol. A pair's occurrences are counted with overlap ("aaa" has two of "aa") and
 * merged from left to right. Of pairs equally frequent the one with the smaller left id is taken, then the one with
 * the smaller right id, so that the merges depend on the words and their counts alone.
 */
export interface Word {
  symbols: readonly number[]
  /** How often it stands in the corpus. */
  readonly count: number
}

export type Pair = readonly [left: number, right: number]

/**
 * The first `wanted` merges; fewer where every word has become one symbol. Merge i makes the symbol `firstId + i`.
 * `words` are left merged.
 *
 * No two merges make the same text. What is one symbol was merged from its own characters only, by the same steps
 * wherever it stands; so once a pair has made a text, no other pair that would make it is left.
 */
export function learnMerges(words: readonly Word[], firstId: number, wanted: number): Pair[] {
  const radix = firstId + wanted
  const counts = new Map<number, number>()
  const places = new Map<number, Set<Word>>()
  const tally = (word: Word, sign: 1 | -1): void => {
    for (let i = 1; i < word.symbols.length; i++) {
      const key = (word.symbols[i - 1] as number) * radix + (word.symbols[i] as number)
      const count = (counts.get(key) ?? 0) + sign * word.count
      if (count === 0) counts.delete(key)
      else counts.set(key, count)
      if (sign < 0) continue
      const found = places.get(key)
      if (found === undefined) places.set(key, new Set([word]))
      else found.add(word)
    }
  }
  for (const word of words) tally(word, 1)
  const merges: Pair[] = []
  while (merges.length < wanted) {
    const key = mostFrequent(counts)
    if (key === undefined) break
    const pair: Pair = [Math.floor(key / radix), key % radix]
    // Some of these words may have lost the pair to an earlier merge; they stay as they are.
    for (const word of places.get(key) ?? []) {
      tally(word, -1)
      word.symbols = merged(word.symbols, pair, firstId + merges.length)
      tally(word, 1)
    }
    places.delete(key)
    merges.push(pair)
  }
  return merges
}

function mostFrequent(counts: ReadonlyMap<number, number>): number | undefined {
  let [best, most]: [number | undefined, number] = [undefined, 0]
  for (const [key, count] of counts) {
    if (count > most || (count === most && best !== undefined && key < best)) [best, most] = [key, count]
  }
  return best
}

function merged(symbols: readonly number[], [left, right]: Pair, id: number): number[] {
  const out: number[] = []
  for (let i = 0; i < symbols.length; i++) {
    const both = symbols[i] === left && symbols[i + 1] === right
    out.push(both ? id : (symbols[i] as number))
    if (both) i++
  }
  return out
}
