/**
 * Keys and values of earlier positions, kept outside the graph: per layer two arrays [rows, kvHeads, size, D], which ONNX
 * Runtime reads in place. Keys are stored rotated. A row is one sequence; the prefix that sequences share is a cache of
 * one row.
 */
import type { ModelConfig } from '../model/config.ts'
import type { Feed } from '../onnx/session.ts'

/** New keys and values as the graphs give them: [batch, layers·2·kvHeads, length, D], k and v by layer. */
export interface NewRows {
  readonly data: Float32Array
  readonly length: number
}

export class KvCache {
  readonly #shape: Pick<ModelConfig, 'layers' | 'kvHeads' | 'headDim'>
  /** k and v by layer. */
  #parts: Float32Array[]
  #capacity = 0
  #size = 0
  /** Filled positions of each row. */
  readonly lengths: number[] = []

  constructor(shape: Pick<ModelConfig, 'layers' | 'kvHeads' | 'headDim'>) {
    this.#shape = shape
    this.#parts = Array.from({ length: 2 * shape.layers }, () => new Float32Array(0))
  }

  /** Positions that each row has room for. */
  get size(): number {
    return this.#size
  }

  /** Makes room for so many rows and positions, and keeps what is there. */
  reserve(rows: number, size: number): void {
    if (rows <= this.#capacity && size <= this.#size) return
    const { kvHeads, headDim } = this.#shape
    const [capacity, to] = [Math.max(rows, this.#capacity), Math.max(size, this.#size)]
    const from = this.#size
    this.#parts = this.#parts.map((old) => {
      const part = new Float32Array(capacity * kvHeads * to * headDim)
      this.lengths.forEach((length, row) => {
        for (let head = row * kvHeads; head < (row + 1) * kvHeads; head++) {
          const start = head * from * headDim
          part.set(old.subarray(start, start + length * headDim), head * to * headDim)
        }
      })
      return part
    })
    this.#capacity = capacity
    this.#size = to
  }

  /** An empty row behind the others; its index. */
  addRow(): number {
    return this.lengths.push(0) - 1
  }

  /** Takes a row out; the last row moves to its place. */
  removeRow(row: number): void {
    const last = this.lengths.length - 1
    const each = this.#shape.kvHeads * this.#size * this.#shape.headDim
    if (row < last) for (const part of this.#parts) part.copyWithin(row * each, last * each, (last + 1) * each)
    this.lengths[row] = this.lengths[last] as number
    this.lengths.pop()
  }

  /** Appends the first `count` positions of row `from` of `made` to a row that has room for them. */
  append(row: number, made: NewRows, from: number, count: number): void {
    const { kvHeads, headDim } = this.#shape
    const at = this.lengths[row] as number
    this.#parts.forEach((part, i) => {
      for (let head = 0; head < kvHeads; head++) {
        const start = ((from * this.#parts.length + i) * kvHeads + head) * made.length * headDim
        const block = made.data.subarray(start, start + count * headDim)
        part.set(block, ((row * kvHeads + head) * this.#size + at) * headDim)
      }
    })
    this.lengths[row] = at + count
  }

  /** The same positions in memory of their own. */
  clone(): KvCache {
    const copy = new KvCache(this.#shape)
    copy.lengths.push(...this.lengths)
    copy.#parts = this.#parts.map((part) => part.slice())
    copy.#capacity = this.#capacity
    copy.#size = this.#size
    return copy
  }

  /** Inputs `<stem>Keys.l` and `<stem>Values.l` of a graph: the rows in use. */
  feeds(stem: string, shape: (rows: number, kvHeads: number, size: number, headDim: number) => number[]) {
    const { kvHeads, headDim } = this.#shape
    const rows = this.lengths.length
    const dims = shape(rows, kvHeads, this.#size, headDim)
    const entries = this.#parts.map((part, i): [string, Feed] => [
      `${stem}${i % 2 === 0 ? 'Keys' : 'Values'}.${i >> 1}`,
      { type: 'float32', shape: dims, data: part.subarray(0, rows * kvHeads * this.#size * headDim) },
    ])
    return Object.fromEntries(entries)
  }
}
