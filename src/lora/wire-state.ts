/**
 * What of an adapter is exchanged: its B factors, one after the other (FFA-LoRA, arXiv 2403.12313: A is frozen and the
 * same everywhere, so averaging B averages the model). Only a `GlobalAdapter` is accepted here.
 */
import { inputError } from '../core/errors.ts'
import { asGlobal, type GlobalAdapter } from './adapter.ts'
import type { AdapterLayout } from './layout.ts'

/** Numbers in the B factors. */
export function sizeOfB(layout: AdapterLayout): number {
  return factorsB(layout).reduce((sum, factor) => sum + factor.size, 0)
}

/** The B factors in the layout's order, as a vector of its own. */
export function takeB(adapter: GlobalAdapter, layout: AdapterLayout): Float32Array {
  checkLength('take B factors from', 'parameters', layout.total, adapter.parameters.length)
  const taken = new Float32Array(sizeOfB(layout))
  let at = 0
  for (const { offset, size } of factorsB(layout)) {
    taken.set(adapter.parameters.subarray(offset, offset + size), at)
    at += size
  }
  return taken
}

/** A new adapter with these B factors; A stays. */
export function putB(adapter: GlobalAdapter, layout: AdapterLayout, b: Float32Array): GlobalAdapter {
  checkLength('put B factors into', 'parameters', layout.total, adapter.parameters.length)
  checkLength('put B factors into', 'numbers in B', sizeOfB(layout), b.length)
  const parameters = adapter.parameters.slice()
  let at = 0
  for (const { offset, size } of factorsB(layout)) {
    parameters.set(b.subarray(at, at + size), offset)
    at += size
  }
  return asGlobal({ config: adapter.config, parameters })
}

function factorsB(layout: AdapterLayout) {
  return layout.factors.filter((factor) => factor.part === 'B')
}

function checkLength(action: string, what: string, expected: number, actual: number): void {
  if (actual === expected) return
  throw inputError('lora.length', `Cannot ${action} an adapter: expected ${expected} ${what}, got ${actual}`)
}
