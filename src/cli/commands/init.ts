/** `fedpit init`: makes a peer's home. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, relative, resolve } from 'node:path'
import type { PeerKey } from '../../../peers/kernel/ports.ts'
import { peerIdOf } from '../../../peers/wiring/libp2p/peer-id.ts'
import { openPeerHome } from '../../../peers/wiring/peer-home.ts'
import { inputError } from '../../core/errors.ts'
import { peerFileName, peerFileSchema } from '../../lab/peer-file.ts'
import { peerFileTemplate } from '../../lab/peer-template.ts'
import { parseYaml } from '../../lab/read-yaml.ts'
import { type Setting, withSettings } from '../../lab/settings.ts'
import type { Register } from '../context.ts'
import { invocation } from '../invocation.ts'

export interface InitOptions {
  readonly name?: string
  readonly data?: string
  readonly join?: readonly string[]
  readonly set?: readonly Setting[]
}

export const register: Register = (program, context) => {
  program
    .command('init')
    .description("make a peer's home: its key and fedpit.yaml")
    .argument('[home]', 'folder to make', 'fedpit-peer')
    .option('--name <name>', 'name that the other peers are shown')
    .option('--data <file>', 'your private examples')
    .addHelpText('after', '\nExample:\n  fedpit init --name clinic --data notes.jsonl')
    .action(async (home: string, options: InitOptions) => {
      const { file, peer } = await initHome(home, options)
      const next = `Look through it, then: ${invocation(process.env)} peer --home ${home}`
      context.output.result(
        { home: resolve(home), file, peer },
        `Made ${file} and a key beside it: peer ${peer}.\n${next}`,
      )
    })
}

/** Writes fedpit.yaml where there is none; returns its path, and the id that other peers know this one by. */
export async function initHome(
  home: string,
  { name, data, join: joins = [], set = [] }: InitOptions,
): Promise<{ file: string; peer: PeerKey }> {
  const folder = resolve(home)
  const file = join(folder, peerFileName)
  if (existsSync(file)) {
    throw inputError(
      'init.exists',
      `Cannot make ${file}: expected no such file, got one; edit it or choose another home`,
    )
  }
  const template = peerFileTemplate({
    name: name ?? nameFrom(hostname()),
    data: data === undefined ? 'examples.jsonl' : relative(folder, resolve(data)),
    join: joins,
  })
  const text = withSettings(template, set)
  parseYaml(text, file, peerFileSchema)
  const opened = await openPeerHome(folder)
  opened.close()
  await writeFile(file, text, { flag: 'wx' })
  return { file, peer: await peerIdOf(opened.key) }
}

function nameFrom(host: string): string {
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
  return name === '' ? 'peer' : name
}
