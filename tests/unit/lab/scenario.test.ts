import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { peerFileSchema } from '../../../src/lab/peer-file.ts'
import { parseYaml } from '../../../src/lab/read-yaml.ts'

const parse = (text: string) => parseYaml(text, 'fedpit.yaml', peerFileSchema)
const minimal = 'name: ada\ndata: notes.jsonl\n'

test('a file with a name and data is enough, and the rest has the documented values', () => {
  const settings = parse(minimal)
  assert.equal(settings.topology, 'base-4')
  assert.deepEqual(settings.lora, { rank: 8, alpha: 16, targets: ['q', 'v'], rslora: false })
  assert.deepEqual([settings.fedpit.candidates, settings.fedpit.keep], [32, 16])
})

for (const [what, text, message] of [
  ['a value of the wrong type', 'rounds: many', 'Cannot use fedpit.yaml: rounds: expected number, got "many"'],
  ['a value out of range', 'lora: {rank: 0}', 'Cannot use fedpit.yaml: lora.rank: expected number to be >=1, got 0'],
  [
    'a key that means nothing',
    'fedpit: {training: {learningrate: 1}}',
    'Cannot use fedpit.yaml: fedpit.training: expected only keys that mean something, got "learningrate"',
  ],
  ['an element of a list', 'lora: {targets: [q, w]}', /lora\.targets\[1\]: expected one of "q"\|.*, got "w"/],
  [
    'factors that make no sense without rounds',
    'topology: random-matching\nmixing: {timing: asynchronous, factors: alternate}',
    /mixing\.factors: expected factors ffa or both where timing is asynchronous: .*, got "alternate"$/,
  ],
  [
    'gathering rules without rounds',
    'topology: random-matching\nmixing: {timing: asynchronous, robust: median, codec: top-k}',
    /mixing\.codec: expected codec fixed .*; mixing\.robust: expected robust none where timing is asynchronous/,
  ],
  [
    'a schedule without rounds',
    'topology: ring\nmixing: {timing: asynchronous}',
    /topology: expected random-matching where mixing\.timing is asynchronous: .*, got "ring"$/,
  ],
  [
    'too many who would pull from all',
    'peers: 17\nmixing: {robust: median}',
    /mixing\.robust: expected none or clip for more than 16 peers, because by median/,
  ],
  [
    'too many whose ranks differ',
    'peers: 17\nmixing: {factors: svd}',
    /mixing\.factors: expected ffa, alternate or both for more than 16 peers, because by svd/,
  ],
  ['an address that is none', 'join: [example.org]', /join\[0\]: expected a multiaddr such as .*, got "example\.org"/],
] as const) {
  test(`parseYaml() names file, key, expected and actual for ${what}`, () => {
    assert.throws(() => parse(minimal + text), { name: 'FedpitError', code: 'config.value', message })
  })
}

test('parseYaml() says what is missing, and all problems at once', () => {
  assert.throws(
    () => parse('rounds: -1'),
    /name: expected string, got nothing; data: expected string, got nothing; rounds/,
  )
})

test('parseYaml() refuses what is not YAML', () => {
  assert.throws(() => parse('a: [1'), { code: 'config.yaml' })
})

test('parseYaml() does not expand aliases without end', () => {
  const bomb = [
    'a: &a [1,1,1,1,1,1,1,1,1]',
    'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
    'c: [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
  ].join('\n')
  assert.throws(() => parseYaml(bomb, 'bomb.yaml', z.unknown()), { code: 'config.yaml' })
})
