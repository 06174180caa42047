/**
 * The legality of a graph as a table: one rule per op that says which inputs it takes and what comes out. Source: the
 * ONNX operator specification (opset 21) and ONNX Runtime's contrib operators (com.microsoft, version 1).
 */
import type { ShapeRule } from './shape-request.ts'
import { elementwiseShapes } from './shapes-elementwise.ts'
import { modelShapes } from './shapes-model.ts'
import { movementShapes } from './shapes-movement.ts'
import { productShapes } from './shapes-product.ts'

export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...elementwiseShapes,
  ...movementShapes,
  ...productShapes,
  ...modelShapes,
}
