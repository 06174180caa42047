/** `npm run experiment:namespaces`: peers on machines of their own, as far as one kernel can give them. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { whyNoNamespaces } from '../../scripts/experiments/namespaces.ts'

const reason = whyNoNamespaces()
const skip = reason && `NO NETWORK NAMESPACES: ${reason}`
const script = 'scripts/experiment-namespaces.ts'
const namespaces = () => spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout

test('three peers in three network namespaces hold one adapter after each of three rounds', { skip }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--format', 'json'], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { agreed, peers } = JSON.parse(stdout)
  assert.equal(agreed, true)
  assert.deepEqual(
    peers.map(({ name, address, rounds }: Record<string, unknown>) => [name, address, rounds]),
    [
      ['bank', '10.77.0.2', 3],
      ['clinic', '10.77.0.1', 3],
      ['law-office', '10.77.0.3', 3],
    ],
  )
  assert.equal(new Set(peers.map(({ digest }: { digest: string }) => digest)).size, 1)
  assert.match(stderr, /law-office on 10\.77\.0\.3: fedpit peer --join \/ip4\/10\.77\.0\.2\/tcp/)
})

test('the script takes its namespaces away when it is interrupted', { skip }, async () => {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] })
  const label = `fedpit-${child.pid}-`
  await new Promise<void>((resolve) => child.stderr.on('data', (text) => String(text).includes('bank on') && resolve()))
  assert.ok(namespaces().includes(label), 'there are namespaces to take away')
  const closed = once(child, 'close')
  child.kill('SIGINT')
  assert.notEqual((await closed)[0], 0)
  assert.ok(!namespaces().includes(label))
})
