import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PeerFile, peerFileSchema } from '../../../src/lab/peer-file.ts'
import { peerFileTemplate } from '../../../src/lab/peer-template.ts'
import { parseYaml } from '../../../src/lab/read-yaml.ts'
import { parseSetting, settingsToTell, tellSetting, withSettings } from '../../../src/lab/settings.ts'

const parse = (text: string) => parseYaml(text, 'fedpit.yaml', peerFileSchema)
const template = peerFileTemplate({ name: 'ada', data: 'notes.jsonl', join: [] })
const told = (file: PeerFile) => settingsToTell(file).map(tellSetting)

for (const [text, path, value] of [
  ['rounds=5', ['rounds'], 5],
  ['lora.targets=[q,k]', ['lora', 'targets'], ['q', 'k']],
  ['seed="5"', ['seed'], '5'],
  ['fedpit.prompts.responses="a = b\\n"', ['fedpit', 'prompts', 'responses'], 'a = b\n'],
] as const) {
  test(`parseSetting() reads ${text}, and tellSetting() says it the same way`, () => {
    assert.deepEqual(parseSetting(text), { path, value })
    assert.equal(tellSetting({ path, value }), text)
  })
}

for (const text of ['rounds', 'rounds=', '=5', 'lora..rank=4', 'seed=[1', 'seed=*a']) {
  test(`parseSetting() refuses ${text}`, () => {
    assert.throws(() => parseSetting(text), { name: 'FedpitError', family: 'input' })
  })
}

test('settingsToTell() says nothing of a file that says what everybody assumes, nor of what is its own', () => {
  assert.deepEqual(told(parse(template)), [])
  const own = 'engine: {device: cpu}\nlisten: [/ip4/0.0.0.0/tcp/4001]\njoin: [/ip4/192.0.2.1/tcp/1]\n'
  assert.deepEqual(told(parse(`name: bob\ndata: x.jsonl\n${own}`)), [])
})

test('a file with the settings that settingsToTell() says has the same federation settings', () => {
  const file = parse(`
name: ada
data: mine.jsonl
peers: 4
allow: [A, B]
federation: clinics
seed: "it's true, $HOME"
rounds: 7
topology: ring
lora: {rank: 4, targets: [q, k, v], rslora: true}
fedpit: {keep: 8, prompts: {responses: "Two\\nlines: one\\n"}, training: {epochs: 1}}
evaluation: {heldOut: 0.5}
deadlines: {ready: 30}
`)
  const settings = told(file).map(parseSetting)
  const { name: _, data: __, ...same } = parse(withSettings(template, settings))
  const { name: ___, data: ____, ...expected } = file
  assert.deepEqual(same, expected)
})

test('settingsToTell() keeps paths to itself', () => {
  const file = {
    ...parse(template),
    model: '/models/x.gguf',
    topology: '/a/graph.txt',
    preSharedKey: '/secret/psk.hex',
  }
  assert.deepEqual(told(file), ['model=MODEL', 'topology=TOPOLOGY', 'preSharedKey=KEY'])
})

test('withSettings() keeps comments, and leaves a file that is no YAML to whoever reads it', () => {
  const text = withSettings('rounds: 3 # three\nlora: { rank: 8 }\n', ['rounds=5', 'lora.alpha=4'].map(parseSetting))
  assert.equal(text, 'rounds: 5 # three\nlora: { rank: 8, alpha: 4 }\n')
  assert.equal(withSettings('a: [1', [parseSetting('rounds=5')]), 'a: [1')
})

test('withSettings() names a setting that has no place in the file', () => {
  assert.throws(() => withSettings('lora: 5\n', [parseSetting('lora.rank=4')]), {
    code: 'config.setting',
    message: /^Cannot set lora\.rank: expected a file with keys there, got: .*lora/,
  })
})
