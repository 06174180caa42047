/** The table of gradient rules: one entry per op. */
import type { GradientRule } from './rule.ts'
import { elementwiseRules } from './rules-elementwise.ts'
import { indexingRules } from './rules-indexing.ts'
import { modelRules } from './rules-model.ts'
import { productRules } from './rules-product.ts'
import { shapeRules } from './rules-shape.ts'

export const gradientRules: Readonly<Record<string, GradientRule>> = {
  ...elementwiseRules,
  ...productRules,
  ...shapeRules,
  ...indexingRules,
  ...modelRules,
}
