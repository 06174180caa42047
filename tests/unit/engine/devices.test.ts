import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { localError } from '../../../src/core/errors.ts'
import { chooseDevice, type DeviceChecks } from '../../../src/engine/devices/choose.ts'
import { greedyIds } from '../../../src/engine/devices/decoding-check.ts'
import { gradientError, relativeDistance } from '../../../src/engine/devices/gradient-check.ts'
import { machineChecks } from '../../../src/engine/devices/machine-checks.ts'
import { probeProvider, providers } from '../../../src/engine/devices/probe.ts'
import { runtimeBackends } from '../../../src/onnx/session-runtime.ts'

const checks: DeviceChecks = {
  probe: async (device) => (device === 'cuda' ? 'no library' : undefined),
  slower: async () => undefined,
  gradientError: async (device) => {
    if (device === 'coreml') throw localError('onnx.run', 'Cannot run model: too many buffers')
    return { webgpu: Number.NaN, dml: 8e4 }[device as string] ?? 0
  },
  decoding: async () => undefined,
}

test('chooseDevice() takes the first whose gradients agree, and says why not the ones before it', async () => {
  const chosen = await chooseDevice('auto', checks)
  assert.equal(chosen.device, 'cpu')
  assert.deepEqual(
    chosen.refused.map(({ device, reason }) => [device, reason]),
    [
      ['cuda', 'no library'],
      ['webgpu', "its gradients differ from the processor's by NaN, more than 0.001"],
      ['coreml', 'the gradient check failed: Cannot run model: too many buffers'],
      ['dml', "its gradients differ from the processor's by 8.00e+4, more than 0.001"],
    ],
  )
  const trusted = await chooseDevice('auto', { ...checks, gradientError: async () => 4e-6 })
  assert.equal(trusted.device, 'webgpu')
})

test('chooseDevice() refuses a device that was asked for by name, with the figure', async () => {
  await assert.rejects(chooseDevice('dml', checks), {
    code: 'device.refused',
    message: /dml: its gradients .* 8\.00e\+4.* \(remedy: none: it cannot train/,
  })
})

test('chooseDevice() passes over a device that is slower than the processor, unless it is asked for by name', async () => {
  const software = { ...checks, gradientError: async () => 4e-6, slower: async () => '1 GF/s against 400 GF/s' }
  const chosen = await chooseDevice('auto', software)
  assert.equal(chosen.device, 'cpu')
  assert.match(chosen.refused[1]?.reason ?? '', /^slower than the processor: 1 GF\/s against 400/)
  assert.equal((await chooseDevice('webgpu', software)).device, 'webgpu')
})

test('chooseDevice() leaves decoding to the processor where a provider decodes otherwise', async () => {
  const wrong = { ...checks, gradientError: async () => 0, decoding: async () => 'it ended the process (SIGSEGV)' }
  const chosen = await chooseDevice('webgpu', wrong)
  assert.deepEqual([chosen.device, chosen.decodeDevice], ['webgpu', 'cpu'])
  assert.match(chosen.refused[0]?.reason ?? '', /decoding is left to the processor: .*SIGSEGV/)
  assert.equal((await chooseDevice('webgpu', { ...wrong, decoding: checks.decoding })).decodeDevice, 'webgpu')
})

test('greedyIds() decodes the random model to tokens that differ between prompts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-decoding-'))
  try {
    const [one = [], two = []] = await greedyIds('cpu', folder)
    assert.deepEqual([one.length, two.length], [16, 16])
    assert.notDeepEqual(one, two)
    assert.ok(new Set([...one, ...two]).size > 4, `${one} ${two}`)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('probeProvider() finds the processor working and names what the build lacks', async () => {
  assert.equal(await probeProvider('cpu'), undefined)
  const built = runtimeBackends().map(({ name }) => name)
  const lacking = providers.find((provider) => !built.includes(provider))
  assert.ok(lacking !== undefined, 'no build has all providers')
  assert.match((await probeProvider(lacking)) ?? '', /^not in ONNX Runtime for /)
})

test('machineChecks() compares gradients once and remembers the figure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-devices-'))
  try {
    const machine = machineChecks(folder)
    assert.equal(await machine.gradientError('cpu'), 0)
    const files = await readdir(join(folder, 'devices'))
    assert.ok(
      files.some((name) => /^cpu-\d+\.\d+\.\d+-[0-9a-f]{12}$/.test(name)),
      files.join(' '),
    )
    assert.equal(await machine.gradientError('cpu'), 0)
    assert.equal(await gradientError('cpu', folder), 0)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('relativeDistance() is 0 for equal vectors, 1 for a missing one, NaN where there is none', () => {
  const vector = Float32Array.of(3, -4)
  assert.equal(relativeDistance(vector, vector), 0)
  assert.equal(relativeDistance(new Float32Array(2), vector), 1)
  assert.ok(Number.isNaN(relativeDistance(Float32Array.of(Number.NaN, 0), vector)))
})
