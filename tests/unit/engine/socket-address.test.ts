import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reachableAddress, socketAddressIn } from '../../../src/engine/socket-address.ts'

test('socketAddressIn() is a file in the folder, on Windows a pipe that differs each time', () => {
  assert.equal(socketAddressIn('/runs/one', 'linux'), '/runs/one/socket')
  const [one, two] = [socketAddressIn('C:\\runs', 'win32'), socketAddressIn('C:\\runs', 'win32')]
  assert.match(one, /^\\\\\.\\pipe\\fedpit-[0-9a-f-]{36}$/)
  assert.notEqual(one, two)
  assert.equal(reachableAddress(one), one)
})

test('reachableAddress() takes the shorter way, and refuses one that no socket has room for', () => {
  assert.equal(reachableAddress('/a/very/long/way/runs/one/socket', '/a/very/long/way'), 'runs/one/socket')
  assert.equal(reachableAddress('/tmp/socket', '/a/very/long/way'), '/tmp/socket')
  const name = 'x'.repeat(100)
  assert.equal(reachableAddress(`/far/${name}/s`, '/far'), `${name}/s`)
  assert.throws(() => reachableAddress(`/far/${name}/s`, '/'), {
    code: 'engine.address',
    message: /at most 103 bytes, got 106/,
  })
})
