/** What one training or scoring step takes: token ids in a rectangle, and which rows carry a label. */
export interface Batch {
  /** Sequences. */
  readonly batch: number
  /** Positions of each sequence, padding on the right included. */
  readonly length: number
  /** Rows that the head is computed for. */
  readonly rows: number
  /** [batch·length]; any valid id where there is padding. */
  readonly tokens: Int32Array
  /** [rows]: the next token of each row; any valid id where the weight is 0. */
  readonly labels: Int32Array
  /** [rows]: 0 is ignored; else usually 1 / labelled rows, so that the loss is their mean. */
  readonly weights: Float32Array
  /** [rows]: which row of batch·length; no row twice, also among those of weight 0. */
  readonly positions: Int32Array
}
