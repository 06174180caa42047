import assert from 'node:assert/strict'
import test from 'node:test'
import { expectedWeights } from '../../../src/model/weight-names.ts'
import { nanoConfig } from '../../../src/nano/architecture.ts'
import { newWeights } from '../../../src/nano/new-model.ts'
import { smallConfig } from '../../fixtures/new-model.ts'

test('nanoConfig has 3 049 920 parameters, at most 8 MB as bfloat16', () => {
  const sizes = [...expectedWeights(nanoConfig).values()].map((shape) => shape.reduce((a, b) => a * b))
  const total = sizes.reduce((a, b) => a + b)
  assert.equal(total, 3_049_920)
  assert.ok(2 * total < 8e6)
})

test('newWeights() is normal with deviation 0.02, smaller where the residual stream is written, and one in norms', () => {
  const config = { ...smallConfig, hiddenSize: 96, intermediateSize: 96, headDim: 24, qkvBias: true }
  const weights = newWeights(config, 7)
  const name = (rest: string) => `model.layers.1.${rest}`
  const spread = (values: Float32Array = new Float32Array()) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return { mean, deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) }
  }
  const cases = {
    'model.embed_tokens.weight': 0.02,
    [name('self_attn.q_proj.weight')]: 0.02,
    [name('mlp.up_proj.weight')]: 0.02,
    [name('self_attn.o_proj.weight')]: 0.01,
    [name('mlp.down_proj.weight')]: 0.01,
  }
  for (const [weight, expected] of Object.entries(cases)) {
    const { mean, deviation } = spread(weights.get(weight))
    // Of 9216 draws: four standard errors are 4.2 % of the deviation for the mean, 2.9 % for the deviation.
    assert.ok(Math.abs(mean) < 0.042 * expected, `${weight}: mean ${mean}`)
    assert.ok(Math.abs(deviation / expected - 1) < 0.03, `${weight}: deviation ${deviation}`)
  }
  for (const norm of [name('input_layernorm.weight'), name('post_attention_layernorm.weight'), 'model.norm.weight']) {
    assert.deepEqual(weights.get(norm), new Float32Array(96).fill(1), norm)
  }
  assert.deepEqual(weights.get(name('self_attn.k_proj.bias')), new Float32Array(48))
})

test('newWeights() has the names and sizes of expectedWeights() and depends on the seed alone', () => {
  const [a, again, b] = [newWeights(smallConfig, 1), newWeights(smallConfig, 1), newWeights(smallConfig, 2)]
  assert.deepEqual(a, again)
  assert.deepEqual([...a.keys()], [...expectedWeights(smallConfig).keys()])
  for (const [name, shape] of expectedWeights(smallConfig)) {
    assert.equal(
      a.get(name)?.length,
      shape.reduce((x, y) => x * y),
      name,
    )
    if (!name.endsWith('norm.weight')) assert.notDeepEqual(a.get(name), b.get(name), name)
  }
})
