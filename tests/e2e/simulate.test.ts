/** `fedpit simulate` as people run it: the same events on machines that are set up differently. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { fedpit } from './federation.ts'

const timeout = 600_000
const scenario = `
name: small
peers: 5
rounds: 2
deadlines: { join: 60, ready: 120, average: 60, pull: 30, round: 240, leave: 240 }
links: { loss: 0.1, duplication: 0.1, reordering: 0.1 }
churn: { model: weibull, upSeconds: 40, downSeconds: 8, shape: 0.7, until: 60 }
`

interface Outcome {
  readonly run: string
  readonly digest: string
  readonly agreed: boolean
  readonly finished: number
  readonly report: string
}

/** In a process of its own, begun by `prefix` (taskset), under these settings. */
async function simulated(file: string, settings: Record<string, string>, prefix: readonly string[] = []) {
  const [command = '', ...args] = [...prefix, process.execPath, fedpit, '--format', 'json', 'simulate', file]
  const out = ['--out', join(file, '..', 'runs')]
  const { stdout } = await promisify(execFile)(command, [...args, ...out], { env: { ...process.env, ...settings } })
  return JSON.parse(stdout) as Outcome
}

async function scenarioFile(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'fedpit-simulate-')), 'scenario.yaml')
  await writeFile(file, text)
  return file
}

test(
  'one seed gives one digest in any time zone and locale, with any number of cores and threads',
  { timeout },
  async () => {
    const file = await scenarioFile(scenario)
    const here = await simulated(file, {})
    const elsewhere = await simulated(
      file,
      { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', UV_THREADPOOL_SIZE: '1' },
      existsSync('/usr/bin/taskset') ? ['/usr/bin/taskset', '-c', '0'] : [],
    )
    assert.equal(elsewhere.digest, here.digest)
    const log = await readFile(join(here.run, 'events.jsonl'))
    assert.equal(createHash('sha256').update(log).digest('hex'), here.digest)
    assert.deepEqual([here.finished, here.agreed], [5, true])
    const page = await readFile(here.report, 'utf8')
    assert.match(page, /What is modelled/)
    assert.doesNotMatch(page, /\b(src|href)=|url\(|@import|<script|https?:/)
  },
)

test('a scenario that cannot be is refused with its key and exit code 2', { timeout }, async () => {
  const file = await scenarioFile('name: x\npeers: 2\nscript: [{ at: 1, fault: kill, peers: [ghost] }]\n')
  await assert.rejects(simulated(file, {}), (error: Error & { code: number; stdout: string; stderr: string }) => {
    assert.equal(error.code, 2)
    assert.match(error.stdout + error.stderr, /script\[0\]\.peers: expected names of peers of this scenario/)
    return true
  })
})

test(
  'peers that were kept apart to the end differ, and exit code 5 says so beside the result',
  { timeout },
  async () => {
    const apart = scenario.replace(/^links.*$/m, 'script: [{ at: 1, fault: partition, groups: [[peer-1, peer-2]] }]')
    const file = await scenarioFile(apart.replace(/^churn.*$/m, ''))
    await assert.rejects(simulated(file, {}), (error: Error & { code: number; stdout: string }) => {
      assert.equal(error.code, 5)
      const { broken, agreed } = JSON.parse(error.stdout)
      assert.deepEqual([agreed, broken], [false, ['Peers that did all their rounds hold different global adapters']])
      return true
    })
  },
)
