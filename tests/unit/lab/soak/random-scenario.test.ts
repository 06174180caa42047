import assert from 'node:assert/strict'
import test from 'node:test'
import { codecNames } from '../../../../src/averaging/codecs/by-name.ts'
import { outers } from '../../../../src/averaging/outer.ts'
import { robustNames } from '../../../../src/averaging/robust/by-name.ts'
import { graphFromText } from '../../../../src/averaging/topologies/graph-file.ts'
import { drawScenario } from '../../../../src/lab/soak/random-scenario.ts'
import { factorings } from '../../../../src/lora/factoring.ts'

const drawn = Array.from({ length: 300 }, (_, i) => drawScenario(String(i)))
const drawnOf = (key: 'factors' | 'outer' | 'codec' | 'robust'): string[] =>
  [...new Set(drawn.map(({ scenario }) => scenario.mixing[key]))].sort()

test('drawScenario() draws every way of mixing, and of ranks those that differ', () => {
  assert.deepEqual(drawnOf('factors'), [...factorings].sort())
  assert.deepEqual(drawnOf('outer'), [...outers].sort())
  assert.deepEqual(drawnOf('codec'), [...codecNames].sort())
  assert.deepEqual(drawnOf('robust'), [...robustNames].sort())
  const ranks = drawn.map(({ scenario }) => new Set(scenario.peers.map(({ rank }) => rank)).size)
  assert.ok(ranks.includes(2))
})

test('drawScenario() draws graphs that are edited, on some machines and on all, and has the text of each', () => {
  const edits = drawn.flatMap(({ scenario, graphs }) =>
    scenario.script.flatMap((step) => {
      if (step.fault !== 'edit-topology') return []
      const texts = [scenario.topology, step.file].map((file) => graphs.get(file) ?? '')
      for (const text of texts) assert.doesNotThrow(() => graphFromText(text, step.file))
      return [{ some: step.peers !== undefined, other: texts[0] !== texts[1] }]
    }),
  )
  for (const some of [true, false]) assert.ok(edits.some((edit) => edit.some === some && edit.other))
  assert.ok(drawn.some(({ graphs }) => graphs.size === 0))
})
