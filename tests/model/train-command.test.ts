import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { modelAbsent, modelPath } from '../golden/model-path.ts'

const data = new URL('../../src/lab/examples/school.jsonl', import.meta.url).pathname

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `stopWhen` looks at standard error; the command is interrupted once it says yes. */
async function fedpit(args: readonly string[], stopWhen?: (stderr: string) => boolean): Promise<Ended> {
  const child = spawn(process.execPath, ['src/cli/fedpit.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr, stopped] = ['', '', false]
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (stopWhen?.(stderr) === true && !stopped) stopped = child.kill('SIGINT')
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout, stderr }
}

test(
  'fedpit train, interrupted and run again, ends with the bytes of a run that never stopped',
  { skip: modelAbsent },
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'fedpit-train-'))
    t.after(() => rm(folder, { recursive: true }))
    const train = (out: string) => [
      ...[
        'train',
        '--model',
        modelPath,
        '--data',
        data,
        '--out',
        join(folder, out),
        '--epochs',
        '2',
        '--batch-size',
        '5',
      ],
      ...['--max-tokens', '64', '--rank', '2'],
    ]
    const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')]
    assert.equal((await fedpit(train('whole'))).code, 0)

    let checkpointSeen = false
    const first = await fedpit(train('cut'), () => {
      checkpointSeen ||= existsSync(`${cut}.checkpoint`)
      return checkpointSeen
    })
    // On a fast machine the run may be over before the signal is.
    if (first.code !== 0) {
      assert.equal(first.code, 130, first.stderr)
      assert.ok(!existsSync(cut), 'no adapter of an unfinished run')
      const second = await fedpit([...train('cut'), '--format', 'json'])
      assert.equal(second.code, 0, second.stderr)
      assert.match(second.stderr, /Going on from .*cut\.checkpoint/)
      assert.equal((JSON.parse(second.stdout) as { losses: number[] }).losses.length, 16)
    }
    const [a, b] = await Promise.all([whole, cut].map((path) => readFile(join(path, 'adapter_model.safetensors'))))
    assert.ok(a?.equals(b as Buffer), 'the same bytes')
    assert.ok(!existsSync(`${cut}.checkpoint`), 'the checkpoint is gone')
  },
)
