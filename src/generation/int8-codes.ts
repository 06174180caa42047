/**
 * Symmetric 8-bit quantisation in blocks along a row, in the layout of ONNX Runtime's MatMulNBits: codes uint8
 * [rows, blocks, block], scales float32 [rows·blocks]; value = (code - 128)·scale, scale = max|w| / 127 of the block. The
 * last block of a row is filled up with the code of zero.
 */
export const int8Block = 32

export interface Int8Codes {
  readonly codes: Uint8Array
  readonly scales: Float32Array
}

/** Bytes of the codes of a matrix, and how many scales it has. */
export function int8Sizes(rows: number, columns: number): { readonly codes: number; readonly scales: number } {
  const scales = rows * Math.ceil(columns / int8Block)
  return { codes: scales * int8Block, scales }
}

/** `matrix` is [rows, columns], row-major. */
export function quantise(matrix: Float32Array, columns: number): Int8Codes {
  const rows = matrix.length / columns
  const blocks = Math.ceil(columns / int8Block)
  const sizes = int8Sizes(rows, columns)
  const codes = new Uint8Array(sizes.codes).fill(128)
  const scales = new Float32Array(sizes.scales)
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const from = row * columns + block * int8Block
      const to = Math.min(from + int8Block, (row + 1) * columns)
      let greatest = 0
      for (let i = from; i < to; i++) greatest = Math.max(greatest, Math.abs(matrix[i] as number))
      const scale = Math.fround(greatest / 127)
      const at = row * blocks + block
      scales[at] = scale
      if (scale === 0) continue
      for (let i = from; i < to; i++) codes[at * int8Block + i - from] = Math.round((matrix[i] as number) / scale) + 128
    }
  }
  return { codes, scales }
}
