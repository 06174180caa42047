/**
 * What `npm pack` makes, installed in an empty folder, runs: compiled JavaScript, with its engine's processes. The
 * dependencies are those of this checkout, linked file by file, so that npm has nothing to fetch.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'

const folder = mkdtempSync(join(tmpdir(), 'fedpit-pack-'))
const installed = join(folder, 'node_modules', 'fedpit')
const env = { ...process.env, FEDPIT_HOME: join(folder, 'home') }
const npm = (args: string[], cwd: string) => execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' })

before(() => {
  npm(['pack', '--pack-destination', folder], '.')
  const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  assert.ok(archive !== undefined)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  linkTree('node_modules', join(folder, 'node_modules'))
  npm(['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${archive}`], folder)
})

after(() => rmSync(folder, { recursive: true, force: true }))

test('npx fedpit --version runs what was packed', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  assert.equal(npm(['exec', '--offline', '--', 'fedpit', '--version'], folder).trim(), version)
})

test('the package carries compiled JavaScript and no TypeScript, tests or scripts', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  assert.ok(files.includes(join('dist', 'src', 'cli', 'main.js')))
  assert.deepEqual(
    files.filter((name) => /\.ts$|^tests|^scripts/.test(name)),
    [],
  )
})

test('the package carries what its modules read or start from beside the sources', async () => {
  for (const path of globSync('src/**/*.{json,jsonl,yaml}')) assert.ok(existsSync(join(installed, path)), path)
  for (const path of globSync('src/nano/model/*')) assert.ok(existsSync(join(installed, path)), path)
  const module = pathToFileURL(join(installed, 'dist', 'src', 'cli', 'executable.js')).href
  const { executable } = (await import(module)) as { executable: string }
  assert.equal(realpathSync(executable), realpathSync(join(installed, 'src', 'cli', 'fedpit.js')))
})

test('an installed fedpit starts its own processes', () => {
  const report = JSON.parse(npm(['exec', '--offline', '--', 'fedpit', 'doctor', '--format', 'json'], folder))
  assert.equal((report as { devices: { device: string; works: boolean }[] }).devices.at(-1)?.works, true)
})

test('an installed fedpit computes with the model that came with it', () => {
  const command = [
    'exec',
    '--offline',
    '--',
    'fedpit',
    'chat',
    '--model',
    'nano',
    '--max-tokens',
    '4',
    'Sort the parcels.',
  ]
  const { turns } = JSON.parse(npm([...command, '--format', 'json'], folder)) as { turns: unknown[] }
  assert.equal(turns.length, 1)
})

test('a Node that is too old runs fedpit with the Node of the package, and passes the exit code on', (context) => {
  const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && major(path) < 24)
  if (old === undefined) return context.skip('needs a Node older than 24 in /usr/bin or /usr/local/bin')
  const run = (...args: string[]) =>
    spawnSync(old, [join(installed, 'src', 'cli', 'fedpit.js'), ...args], { cwd: folder, env, encoding: 'utf8' })
  const report = JSON.parse(run('doctor', '--format', 'json').stdout) as { node: { version: string } }
  assert.ok(Number(report.node.version.split('.')[0]) >= 24, report.node.version)
  assert.equal(run('--nonsense').status, 2)
})

function major(node: string): number {
  return Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }))
}

/**
 * Hard links where the file system allows them: half a gigabyte is not copied for a test. npm's own record of the tree
 * is left out, because npm writes it in place and would write through the link.
 */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from).filter((name) => name !== '.package-lock.json')) {
    const linked = spawnSync('cp', ['-rl', join(from, name), to]).status === 0
    if (!linked) cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true })
  }
}
