/** What a tensor in a graph is: a name, an element type and a static shape. It holds no numbers. */
export const elementTypes = ['float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'uint8', 'bool'] as const
export type ElementType = (typeof elementTypes)[number]

export interface Tensor {
  /** Unique in its graph. */
  readonly name: string
  readonly type: ElementType
  /** Row-major; `[]` is a scalar. */
  readonly shape: readonly number[]
}

export type Numbers = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array

/** Number of elements. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1)
}

/** Bytes of one element. */
export const elementBytes: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
}

/** ONNX's numbers for element types (TensorProto.DataType). */
export const typeNumbers: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
}

/** `float32 [4, 64]`: how a tensor is named in an error. */
export function describe(tensor: Pick<Tensor, 'type' | 'shape'>): string {
  return `${tensor.type} [${tensor.shape.join(', ')}]`
}
