/** What is said while one peer pulls a blob from another. */

/** From the peer that wants a blob: first which one, then chunk after chunk. */
export type BlobRequest =
  | { readonly type: 'want'; readonly digest: string }
  | { readonly type: 'get'; readonly index: number }

/** From the peer that holds it. */
export type BlobReply =
  | { readonly type: 'have'; readonly bytes: number }
  | { readonly type: 'missing' }
  | { readonly type: 'chunk'; readonly index: number; readonly data: Uint8Array }
