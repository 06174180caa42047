import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { invitation } from '../../../src/cli/invitation.ts'
import { invocation } from '../../../src/cli/invocation.ts'
import { peerFileSchema } from '../../../src/lab/peer-file.ts'

const address = '/ip4/192.0.2.1/tcp/4001/p2p/A'
const settings = peerFileSchema.parse({ name: 'ada', data: '/home/ada/notes.jsonl' })
const lineOf = (text: string): string => /^ {2}(fedpit peer .*)$/m.exec(text)?.[1] ?? ''

test('invitation() is short where the settings are what everybody assumes', () => {
  const text = invitation('fedpit', 'A', [address], settings)
  assert.equal(lineOf(text), `fedpit peer --join ${address} --data FILE`)
  assert.doesNotMatch(text, /MODEL|KEY|notes/)
})

test('invitation() says fedpit as it was typed here', () => {
  const text = invitation(invocation({ npm_lifecycle_event: 'fedpit' }), 'A', [address], settings)
  assert.match(text, /^ {2}npm run fedpit -- peer --join /m)
  for (const env of [{}, { npm_lifecycle_event: 'test' }]) assert.equal(invocation(env), 'fedpit')
})

test('invitation() says settings that a shell reads back as they are', { skip: process.platform === 'win32' }, () => {
  const seed = `it's "$HOME" \`id\` \\ !x %PATH%`
  const line = lineOf(
    invitation('fedpit', 'A', [address], { ...settings, seed, lora: { ...settings.lora, targets: ['q', 'o'] } }),
  )
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
  const words = ['--set', `seed=${JSON.stringify(seed)}`, '--set', 'lora.targets=[q,o]', '--data', 'FILE']
  assert.deepEqual(stdout.trim().split('\n').slice(4), words)
})

test('invitation() to a closed federation closes the next peer too, and tells no secret and no path', () => {
  const closed = { ...settings, allow: ['B'], preSharedKey: '/etc/psk.hex', model: '/models/x.gguf' }
  const text = invitation('fedpit', 'A', [address], closed)
  assert.match(text, /--set "allow=\[B,A\]" --set model=MODEL --set preSharedKey=KEY --data FILE$/m)
  assert.match(text, /^KEY: full path of a copy of the pre-shared key$/m)
  assert.doesNotMatch(text, /psk\.hex|x\.gguf/)
})
