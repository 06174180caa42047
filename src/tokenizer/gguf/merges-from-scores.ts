/**
 * The merges of a SentencePiece BPE vocabulary, which the file does not list. SentencePiece joins the two neighbours
 * whose union has the best score of all (Kudo and Richardson 2018, bpe_model.cc): every way to cut a piece into two
 * pieces is a merge, and a better score goes first. Equal scores are ordered as in Hugging Face's conversion
 * (`generate_merges`): longer left part, longer right part, order in the vocabulary.
 */

export interface ScoredPiece {
  readonly text: string
  readonly score: number
}

/** `undefined` over `limit` merges. */
export function mergesFromScores(pieces: readonly ScoredPiece[], limit: number): [string, string][] | undefined {
  const known = new Set(pieces.map((piece) => piece.text))
  const found: { pair: [string, string]; score: number; left: number; right: number }[] = []
  for (const { text, score } of pieces) {
    const characters = Array.from(text)
    for (let left = 1, at = 0; left < characters.length; left++) {
      at += characters[left - 1]?.length ?? 0
      const pair: [string, string] = [text.slice(0, at), text.slice(at)]
      if (!known.has(pair[0]) || !known.has(pair[1])) continue
      if (found.length === limit) return undefined
      found.push({ pair, score, left, right: characters.length - left })
    }
  }
  return found.sort((a, b) => b.score - a.score || b.left - a.left || b.right - a.right).map(({ pair }) => pair)
}
