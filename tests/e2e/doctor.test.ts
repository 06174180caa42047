import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

test('fedpit doctor tells of every provider whether it works, or why not and what to do', () => {
  const home = mkdtempSync(join(tmpdir(), 'fedpit-doctor-'))
  try {
    const run = spawnSync(process.execPath, ['src/cli/fedpit.js', 'doctor', '--format', 'json'], {
      encoding: 'utf8',
      env: { ...process.env, FEDPIT_HOME: home },
    })
    assert.equal(run.status, 0, run.stderr)
    const report = JSON.parse(run.stdout) as {
      devices: { device: string; works: boolean; slow?: string; reason?: string; remedy?: string }[]
      taken: string
      models: string[]
    }
    assert.deepEqual(
      report.devices.map(({ device }) => device),
      ['cuda', 'webgpu', 'coreml', 'dml', 'cpu'],
    )
    assert.equal(report.devices.at(-1)?.works, true)
    assert.equal(report.taken, report.devices.find(({ works, slow }) => works && slow === undefined)?.device)
    for (const { device, works, reason, remedy } of report.devices) {
      assert.equal(reason !== undefined && remedy !== undefined, !works, device)
    }
    assert.deepEqual(report.models, ['nano'])
  } finally {
    rmSync(home, { recursive: true })
  }
})
