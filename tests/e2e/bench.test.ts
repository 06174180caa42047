/** Benchmarks, experiments, searches and pre-training as processes: wrong input, and training on real text beside another program. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { readTextSamples } from '../../scripts/bench/text-samples.ts'
import { writeExamples, writeTinyModel } from '../fixtures/tiny-model.ts'

function script(name: string, ...args: string[]) {
  return spawnSync(process.execPath, [`scripts/${name}.ts`, ...args], { encoding: 'utf8' })
}

const scripts = globSync('scripts/{bench-*,experiment-*,pretrain-*,search-*,soak}.ts')
for (const name of scripts.map((file) => basename(file, '.ts'))) {
  test(`${name} refuses an unknown option in one line, with the exit code of fedpit`, () => {
    const { status, stdout, stderr } = script(name, '--nonsense')
    assert.deepEqual([status, stdout, stderr], [2, '', "Unknown option '--nonsense'\n"])
  })
}

test('bench-train refuses a model that is not there in one line, with the exit code of fedpit', () => {
  const { status, stdout, stderr } = script('bench-train', '--model', '/nowhere')
  const expected = 'Cannot open /nowhere: expected a model directory or a GGUF file, got ENOENT\n'
  assert.deepEqual([status, stdout, stderr], [2, '', expected])
})

test('bench-train refuses a number that is none and names its option', () => {
  const { status, stderr } = script('bench-train', '--batch', 'four')
  assert.deepEqual([status, stderr], [2, 'Cannot use --batch four: expected a whole number above 0\n'])
})

test('bench-train that has no Python ends with 3, as what is missing on this machine', async (t) => {
  const { model, data } = await tiny(t)
  const work = ['--model', model, '--data', data, '--against', 'pytorch', '--python', '/nowhere/python']
  const { status, stdout, stderr } = script('bench-train', ...work)
  assert.deepEqual([status, stdout], [3, ''])
  assert.match(stderr, /Cannot measure with \/nowhere\/python: spawn .*ENOENT\n$/)
})

test('bench-train --data --against hands the other side our token ids and labels and prints one document', async (t) => {
  const { folder, model, data } = await tiny(t)
  const python = join(folder, 'python')
  const taken = join(folder, 'taken.json')
  // Stands for Python: keeps what it was given, and says that it was twice as fast as anything can be.
  const program = [
    `#!${process.execPath}`,
    `const { readFileSync, writeFileSync } = require('node:fs')`,
    `const args = process.argv.slice(2)`,
    `const samples = JSON.parse(readFileSync(args[args.indexOf('--samples') + 1], 'utf8'))`,
    `writeFileSync(${JSON.stringify(taken)}, JSON.stringify({ args, samples }))`,
    `console.log('{"tokensPerSecond":{"best":1e9,"median":1e9},"peakMemoryMB":1,"torch":"none"}')`,
  ]
  await writeFile(python, program.join('\n'))
  await chmod(python, 0o755)
  const work = ['--model', model, '--data', data, '--batch', '2', '--length', '20', '--threads', '1']
  const { status, stdout, stderr } = script(
    'bench-train',
    ...work,
    '--against',
    'pytorch',
    '--python',
    python,
    '--format',
    'json',
  )
  assert.equal(status, 0, stderr)
  const { fedpit, pytorch, ratio } = JSON.parse(stdout)
  assert.equal(pytorch.torch, 'none')
  assert.equal(ratio.tokensPerSecond.best, fedpit.tokensPerSecond.best / 1e9)
  assert.equal(ratio.peakMemory, fedpit.peakMemoryMB)
  const { args, samples } = JSON.parse(await readFile(taken, 'utf8'))
  assert.deepEqual(samples, await readTextSamples(data, model, 21))
  assert.equal(fedpit.samples, samples.length)
  const [, path, , , ...rest] = args
  assert.equal(path, model)
  assert.equal(rest.join(' '), '--batch 2 --rank 8 --targets q,v --threads 1 --epochs 3')
})

async function tiny(t: TestContext) {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'fedpit-bench-'))
  t.after(() => rm(folder, { recursive: true }))
  const [model, data] = [join(folder, 'model'), join(folder, 'data.jsonl')]
  await writeTinyModel(model)
  await writeExamples(data, 1)
  return { folder, model, data }
}
