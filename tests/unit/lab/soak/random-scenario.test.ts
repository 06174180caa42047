import assert from 'node:assert/strict'
import { isAbsolute } from 'node:path'
import test from 'node:test'
import { timings } from '../../../../peers/plan.ts'
import { codecNames } from '../../../../src/averaging/codecs/by-name.ts'
import { outers } from '../../../../src/averaging/outer.ts'
import { robustNames } from '../../../../src/averaging/robust/by-name.ts'
import { stalenessWeights } from '../../../../src/averaging/staleness.ts'
import { families } from '../../../../src/averaging/topologies/by-name.ts'
import { graphFromText } from '../../../../src/averaging/topologies/graph-file.ts'
import { readTrace } from '../../../../src/lab/simulation/timeline.ts'
import { drawScenario, faultsEnd } from '../../../../src/lab/soak/random-scenario.ts'
import { factorings } from '../../../../src/lora/factoring.ts'

const drawn = Array.from({ length: 300 }, (_, i) => drawScenario(String(i)))
const drawnOf = (key: 'timing' | 'factors' | 'outer' | 'codec' | 'robust'): string[] =>
  [...new Set(drawn.map(({ scenario }) => scenario.mixing[key]))].sort()
const steps = drawn.flatMap(({ scenario }) => scenario.script)

test('drawScenario() draws every way of mixing, and of ranks those that differ', () => {
  assert.deepEqual(drawnOf('timing'), [...timings].sort())
  assert.deepEqual(drawnOf('factors'), [...factorings].sort())
  assert.deepEqual(drawnOf('outer'), [...outers].sort())
  assert.deepEqual(drawnOf('codec'), [...codecNames].sort())
  assert.deepEqual(drawnOf('robust'), [...robustNames].sort())
  const weights = new Set(drawn.map(({ scenario }) => scenario.mixing.staleness.weight))
  assert.deepEqual([...weights].sort(), [...stalenessWeights].sort())
  const ranks = drawn.map(({ scenario }) => new Set(scenario.peers.map(({ rank }) => rank)).size)
  assert.ok(ranks.includes(2))
})

test('drawScenario() draws a topology of every family', () => {
  const named = new Set(drawn.map(({ scenario }) => scenario.topology))
  const missing = families.filter(({ named: isOne }) => ![...named].some((name) => !isAbsolute(name) && isOne(name)))
  assert.deepEqual(
    missing.map(({ form }) => form),
    [],
  )
})

test('drawScenario() draws every fault of a script and every model of churn, and has the text of each trace', () => {
  const faults = ['clock-jump', 'disk-full', 'edit-topology', 'heal', 'join', 'kill', 'leave', 'partition', 'pause']
  assert.deepEqual([...new Set(steps.map(({ fault }) => fault))].sort(), [...faults, 'slow'])
  const models = new Set(drawn.map(({ scenario }) => scenario.churn?.model ?? 'none'))
  assert.deepEqual([...models].sort(), ['diurnal', 'exponential', 'none', 'trace', 'weibull'])
  for (const { scenario, texts } of drawn) {
    const { churn, peers } = scenario
    if (churn?.model !== 'trace') continue
    const names = peers.map(({ name }) => name)
    const timeline = readTrace(texts.get(churn.file) as string, churn.file, names)
    const last = timeline.filter(({ fault }) => fault.type === 'start').map(({ at }) => at)
    assert.ok(timeline.every(({ at }) => at <= Math.min(faultsEnd, Math.max(...last))))
  }
})

test('drawScenario() draws graphs that are edited, on some machines and on all, and has the text of each', () => {
  const edits = drawn.flatMap(({ scenario, texts }) =>
    scenario.script.flatMap((step) => {
      if (step.fault !== 'edit-topology') return []
      const [before, after] = [scenario.topology, step.file].map((file) => texts.get(file) ?? '')
      for (const text of [before, after]) assert.doesNotThrow(() => graphFromText(text as string, step.file))
      return [{ some: step.peers !== undefined, other: before !== after }]
    }),
  )
  for (const some of [true, false]) assert.ok(edits.some((edit) => edit.some === some && edit.other))
  assert.ok(drawn.some(({ texts }) => texts.size === 0))
})
