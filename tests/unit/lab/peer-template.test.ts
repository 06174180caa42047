import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peerFileSchema } from '../../../src/lab/peer-file.ts'
import { peerFileTemplate } from '../../../src/lab/peer-template.ts'
import { parseYaml } from '../../../src/lab/read-yaml.ts'

test('peerFileTemplate() says what holds if it says nothing', () => {
  const values = { name: 'ada', data: "it's: mine.jsonl", join: ['/ip4/192.0.2.1/tcp/4001/p2p/A'] }
  const written = parseYaml(peerFileTemplate(values), 'fedpit.yaml', peerFileSchema)
  const bare = parseYaml(JSON.stringify(values), 'fedpit.yaml', peerFileSchema)
  assert.deepEqual(written, bare)
})
