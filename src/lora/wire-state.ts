/**
 * What of an adapter is exchanged: some of its factors, one after the other. Only a `GlobalAdapter` is accepted here.
 */
import { inputError } from '../core/errors.ts'
import { asGlobal, type GlobalAdapter } from './adapter.ts'
import type { Parts } from './factoring.ts'
import type { AdapterLayout } from './layout.ts'

/** Numbers in these factors. */
export function sizeOf(layout: AdapterLayout, parts: Parts): number {
  return factorsOf(layout, parts).reduce((sum, factor) => sum + factor.size, 0)
}

/** These factors in the layout's order, as a vector of its own. */
export function takeFactors(adapter: GlobalAdapter, layout: AdapterLayout, parts: Parts): Float32Array {
  checkLength('take factors from', 'parameters', layout.total, adapter.parameters.length)
  const taken = new Float32Array(sizeOf(layout, parts))
  let at = 0
  for (const { offset, size } of factorsOf(layout, parts)) {
    taken.set(adapter.parameters.subarray(offset, offset + size), at)
    at += size
  }
  return taken
}

/** A new adapter with these factors; the others stay. */
export function putFactors(
  adapter: GlobalAdapter,
  layout: AdapterLayout,
  parts: Parts,
  values: Float32Array,
): GlobalAdapter {
  checkLength('put factors into', 'parameters', layout.total, adapter.parameters.length)
  checkLength('put factors into', `numbers in ${parts}`, sizeOf(layout, parts), values.length)
  const parameters = adapter.parameters.slice()
  let at = 0
  for (const { offset, size } of factorsOf(layout, parts)) {
    parameters.set(values.subarray(at, at + size), offset)
    at += size
  }
  return asGlobal({ config: adapter.config, parameters })
}

/** Throws `lora.frozen` where another factor than these differs: their mean would not be the mean of the adapters. */
export function checkFrozen(before: GlobalAdapter, after: GlobalAdapter, layout: AdapterLayout, parts: Parts): void {
  for (const { name, part, offset, size } of layout.factors) {
    if (parts.includes(part)) continue
    for (let i = offset; i < offset + size; i++) {
      if (Object.is(before.parameters[i], after.parameters[i])) continue
      const expected = `factor ${name} as the round began with it`
      throw inputError('lora.frozen', `Cannot mix ${parts} alone: expected ${expected}, got another`)
    }
  }
}

function factorsOf(layout: AdapterLayout, parts: Parts) {
  return layout.factors.filter(({ part }) => parts.includes(part))
}

function checkLength(action: string, what: string, expected: number, actual: number): void {
  if (actual === expected) return
  throw inputError('lora.length', `Cannot ${action} an adapter: expected ${expected} ${what}, got ${actual}`)
}
