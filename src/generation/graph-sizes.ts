/**
 * Sizes that differ from run to run, as the stand-ins that graphs are built with (see `serialize`): primes above any
 * real size. One loaded model then serves every batch, length and cache; packed weights exist once.
 */
export const standIn = {
  batch: 1000003,
  /** Tokens per row of one prefill. */
  length: 1000033,
  /** Positions of the rows' own caches. */
  cache: 1000037,
  /** Positions of the prefix that all rows share. */
  prefix: 1000039,
  /** Rows of the rotary tables. */
  positions: 1000081,
} as const
