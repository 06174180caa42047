/** Benchmarks and experiments as processes: wrong input. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

function script(name: string, ...args: string[]) {
  return spawnSync(process.execPath, [`scripts/${name}.ts`, ...args], { encoding: 'utf8' })
}

for (const name of ['bench-train', 'bench-generate', 'experiment-prompts', 'experiment-namespaces']) {
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
