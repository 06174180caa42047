/** `npm run pretrain:nano` as a process: interrupted, continued, exported; the shipped model's real sizes, tiny batches. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { recipe } from '../../scripts/pretrain/recipe.ts'
import { openCheckpoint } from '../../src/model/open.ts'
import { nanoConfig } from '../../src/nano/architecture.ts'
import { openTokenizer } from '../../src/tokenizer/open.ts'

test('pretrain-nano stopped by SIGINT goes on to the model of a run that never stopped', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'fedpit-pretrain-'))
  t.after(() => rm(root, { recursive: true }))
  const command = (folder: string, steps = 100) => {
    const sizes = ['--stages', `copy:${steps - 10}x1x8,all:10x1x16`, '--threads', '1']
    return ['scripts/pretrain-nano.ts', '--folder', join(root, folder), '--format', 'json', ...sizes]
  }
  const weights = (folder: string) => readFile(join(root, folder, 'model/model.safetensors'))

  const whole = spawnSync(process.execPath, command('whole'), { encoding: 'utf8' })
  assert.equal(whole.status, 0, whole.stderr)
  const child = spawn(process.execPath, command('parts'), { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').once('data', () => child.kill('SIGINT'))
  const [status] = await once(child, 'close')
  const [stopped] = JSON.parse(stdout).runs
  assert.equal(status, 130)
  assert.ok(stopped.updates >= 1 && stopped.updates < 100, `${stopped.updates} updates`)
  const rest = spawnSync(process.execPath, command('parts'), { encoding: 'utf8' })
  assert.equal(rest.status, 0, rest.stderr)
  assert.deepEqual(await weights('parts'), await weights('whole'))

  const document = JSON.parse(whole.stdout)
  const [run] = document.runs
  assert.deepEqual([run.updates, run.tokens, run.seed], [100, 880, 'nano'])
  assert.deepEqual(JSON.parse(await readFile(join(root, 'whole/model/training.json'), 'utf8')), document)
  const model = await openCheckpoint(join(root, 'whole/model'), root)
  assert.deepEqual(model.config, nanoConfig)
  const tokenizer = await openTokenizer(join(root, 'whole/model'))
  assert.equal(tokenizer.decode(tokenizer.encode('Sort the parcels.')), 'Sort the parcels.')

  const other = spawnSync(process.execPath, command('parts', 101), { encoding: 'utf8' })
  assert.deepEqual(
    [other.status, other.stderr],
    [
      2,
      'Cannot resume this run: expected stages [{"lesson":"copy","updates":90,"batch":1,"length":8},' +
        '{"lesson":"all","updates":10,"batch":1,"length":16}] as in its checkpoint, ' +
        'got [{"lesson":"copy","updates":91,"batch":1,"length":8},{"lesson":"all","updates":10,"batch":1,"length":16}]\n',
    ],
  )
})

test('pretrain-nano --export writes the model of a checkpoint, and says where there is none', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'fedpit-pretrain-'))
  t.after(() => rm(root, { recursive: true }))
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/pretrain-nano.ts', '--folder', join(root, 'run'), ...args], {
      encoding: 'utf8',
    })
  const none = run('--export', join(root, 'early'))
  assert.deepEqual(
    [none.status, none.stderr],
    [2, `Cannot export a model: expected a checkpoint in ${join(root, 'run')}, got none\n`],
  )
  assert.equal(run('--stages', 'copy:2x1x8').status, 0)
  assert.equal(run('--export', join(root, 'copy')).status, 0)
  assert.deepEqual(
    await readFile(join(root, 'copy/model.safetensors')),
    await readFile(join(root, 'run/model/model.safetensors')),
  )
})

test('pretrain-nano --from goes on from a model with a run more, and says where it has had all', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'fedpit-pretrain-'))
  t.after(() => rm(root, { recursive: true }))
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/pretrain-nano.ts', '--format', 'json', '--threads', '1', ...args], {
      encoding: 'utf8',
    })
  const weights = (model: string) => readFile(join(root, model, 'model/model.safetensors'))
  const first = run('--folder', join(root, 'first'), '--stages', 'copy:2x1x8')
  assert.equal(first.status, 0, first.stderr)
  const from = ['--from', join(root, 'first/model')]
  const second = run('--folder', join(root, 'second'), ...from, '--stages', 'wide:2x1x16')
  assert.equal(second.status, 0, second.stderr)
  const { runs } = JSON.parse(second.stdout)
  assert.deepEqual(
    runs.map(({ seed, tokens }: { seed: string; tokens: number }) => [seed, tokens]),
    [
      ['nano', 16],
      ['nano/2', 32],
    ],
  )
  assert.deepEqual(JSON.parse(await readFile(join(root, 'second/model/training.json'), 'utf8')), { runs })
  assert.notDeepEqual(await weights('second'), await weights('first'))

  const all = { runs: recipe.map(() => runs[0]) }
  await writeFile(join(root, 'first/model/training.json'), JSON.stringify(all))
  const none = run('--folder', join(root, 'third'), ...from)
  assert.deepEqual(
    [none.status, none.stderr],
    [
      2,
      `Cannot go on from ${join(root, 'first/model')}: expected fewer runs than the ${recipe.length} of the recipe, ` +
        `got ${recipe.length}\n`,
    ],
  )
})
