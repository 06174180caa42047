import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Output } from '../../../src/cli/output/output.ts'
import { createProgram } from '../../../src/cli/program.ts'

const run = (...args: string[]) => {
  // Nothing is said before the options are judged.
  const createOutput = () => ({}) as Output
  const program = createProgram({ version: '0', signal: AbortSignal.abort(), createOutput, tellBroken: () => {} })
  return program.parseAsync(args, { from: 'user' })
}

test('fedpit train and evaluate take no more rank and threads than fedpit.yaml does', async () => {
  await assert.rejects(run('train', '--data', 'x', '--out', 'y', '--rank', '257'), {
    message: /'--rank <r>' argument '257' is invalid\. Expected an integer from 1 to 256\.$/,
  })
  await assert.rejects(run('evaluate', '--data', 'x', '--threads', '1025'), {
    message: /'--threads <n>' argument '1025' is invalid\. Expected an integer from 1 to 1024\.$/,
  })
})

test('fedpit peer judges what its options say as it judges its file', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'fedpit-peer-'))
  t.after(() => rm(home, { recursive: true }))
  await writeFile(join(home, 'fedpit.yaml'), 'name: ada\ndata: ../data.jsonl\n')
  await assert.rejects(run('peer', '--home', home, '--name', 'a b'), {
    code: 'config.value',
    message: /: name: expected letters, digits and "-", at most 40, got "a b"$/,
  })
  await assert.rejects(run('peer', '--home', home, '--join', '192.0.2.1:4001'), {
    code: 'config.value',
    message: /: join\[0\]: expected a multiaddr such as .*, got "192\.0\.2\.1:4001"$/,
  })
})
