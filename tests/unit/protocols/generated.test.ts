import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

test('every *_pb.ts is what its .proto generates', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/proto.ts', '--check'], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})
