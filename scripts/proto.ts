/**
 * `npm run proto`: generates `*_pb.ts` beside every `.proto` of `protocols/`. With `--check` it writes nothing and
 * fails where a committed file is not what its `.proto` generates.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const root = 'protocols'
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })

/** Runs buf with protoc-gen-es; the generated TypeScript is erasable, so Node runs it as it stands. */
function generate(out: string): void {
  const template = {
    version: 'v2',
    inputs: [{ directory: root }],
    plugins: [{ local: 'protoc-gen-es', out, opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'] }],
  }
  const bin = resolve('node_modules/.bin')
  const { status, error } = spawnSync(join(bin, 'buf'), ['generate', '--template', JSON.stringify(template)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` },
  })
  if (status !== 0)
    throw new Error(`Cannot generate from ${root}: buf ended with ${error?.message ?? `code ${status}`}`)
}

if (values.check) {
  const fresh = mkdtempSync(join(tmpdir(), 'fedpit-proto-'))
  try {
    generate(fresh)
    const read = (folder: string) =>
      new Map(globSync('**/*_pb.ts', { cwd: folder }).map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
    const [expected, committed] = [read(fresh), read(root)]
    const stale = [...new Set([...expected.keys(), ...committed.keys()])].filter(
      (file) => expected.get(file) !== committed.get(file),
    )
    if (stale.length > 0) console.error(`Not what their .proto generates (npm run proto): ${stale.join(', ')}`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } finally {
    rmSync(fresh, { recursive: true })
  }
} else {
  generate(root)
}
