/**
 * ROUGE-L (Lin 2004): how much of one text is found in the other, in order, by the longest common subsequence of words.
 * Words are runs of a-z and 0-9 in lower case, without stemming, as the `rouge_score` package cuts them.
 */
export interface RougeL {
  readonly precision: number
  readonly recall: number
  readonly f: number
}

export function rougeL(reference: string, prediction: string): RougeL {
  return rougeLOfWords(words(reference), words(prediction))
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? []
}

export function rougeLOfWords(reference: readonly string[], prediction: readonly string[]): RougeL {
  const common = longestCommonSubsequence(reference, prediction)
  if (common === 0) return { precision: 0, recall: 0, f: 0 }
  const precision = common / prediction.length
  const recall = common / reference.length
  // 2PR / (P + R), with one rounding: filters compare it with a limit that texts can meet exactly.
  return { precision, recall, f: (2 * common) / (prediction.length + reference.length) }
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  const row = new Uint32Array(b.length + 1)
  for (const word of a) {
    let diagonal = 0
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] as number
      row[j] = word === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1] as number)
      diagonal = above
    }
  }
  return row[b.length] as number
}
