import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from 'yaml'
import { peerFileSchema } from '../../../src/lab/peer-file.ts'
import { peerFileTemplate } from '../../../src/lab/peer-template.ts'
import { parseYaml } from '../../../src/lab/read-yaml.ts'

test('peerFileTemplate() says what holds if it says nothing', () => {
  const values = { name: 'ada', data: "it's: mine.jsonl", join: ['/ip4/192.0.2.1/tcp/4001/p2p/A'] }
  const written = parseYaml(peerFileTemplate(values), 'fedpit.yaml', peerFileSchema)
  const bare = parseYaml(JSON.stringify(values), 'fedpit.yaml', peerFileSchema)
  assert.deepEqual(written, bare)
})

test('peerFileTemplate() leaves no setting out', () => {
  const text = peerFileTemplate({ name: 'ada', data: 'mine.jsonl', join: [] })
  const optional = ['allow', 'preSharedKey', 'rank']
  assert.deepEqual(
    optional.filter((key) => !text.includes(`# ${key}: `)),
    [],
  )
  const said = parseDocument(text)
  const left = pathsOf(parseYaml(text, 'fedpit.yaml', peerFileSchema)).filter((path) => !said.hasIn(path))
  // Staleness means nothing without its timing: it stands there as a comment.
  assert.deepEqual(new Set(left.map(([first, second]) => `${first}.${second}`)), new Set(['mixing.staleness']))
})

const pathsOf = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))
    : [path]
