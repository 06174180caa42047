/** Commands that take a model take `nano` by its name, with nothing on this machine but the program. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { builtIn } from '../../src/cli/models/built-in.ts'

const data = 'src/lab/examples/nano/school.jsonl'
const folder = mkdtempSync(join(tmpdir(), 'fedpit-nano-'))
// No Hub and no index: what is fetched would fail.
const env = { ...process.env, FEDPIT_HOME: join(folder, 'home'), HF_ENDPOINT: 'http://127.0.0.1:9', PIP_NO_INDEX: '1' }
after(() => rmSync(folder, { recursive: true }))

function fedpit(...args: string[]) {
  const run = spawnSync(process.execPath, ['src/cli/fedpit.js', '--format', 'json', ...args], { encoding: 'utf8', env })
  assert.equal(run.status, 0, run.stderr)
  return JSON.parse(run.stdout)
}

test('fedpit models list names nano first, and models pull has nothing to fetch of it', () => {
  const { models } = fedpit('models', 'list')
  assert.deepEqual(models, [{ name: 'nano', path: builtIn.path, form: 'safetensors', builtIn: true }])
  assert.deepEqual(fedpit('models', 'pull', 'nano'), { name: 'nano', path: builtIn.path })
  assert.deepEqual(fedpit('doctor').models, ['nano'])
})

test('fedpit tokenize, train, evaluate and chat take nano by its name', async () => {
  assert.deepEqual(fedpit('tokenize', '--model', 'nano', 'Sort the parcels.').text, 'Sort the parcels.')
  const adapter = join(folder, 'adapter')
  const sizes = ['--epochs', '1', '--max-tokens', '128', '--rank', '2']
  assert.equal(fedpit('train', '--model', 'nano', '--data', data, '--out', adapter, ...sizes).model, 'nano')
  const config = JSON.parse(await readFile(join(adapter, 'adapter_config.json'), 'utf8'))
  assert.equal(config.base_model_name_or_path, 'nano')
  assert.equal(fedpit('evaluate', '--model', 'nano', '--data', data, '--adapter', adapter).model, 'nano')
  assert.equal(fedpit('chat', '--model', 'nano', '--max-tokens', '4', 'Sort the parcels.').turns.length, 1)
})
