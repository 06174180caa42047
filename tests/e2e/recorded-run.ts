/** A federation of three that runs with everything it says on record, its secrets marked so that they can be found. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Example } from '../../src/data/example.ts'
import { adapterLayout } from '../../src/lora/layout.ts'
import { readPeftAdapter } from '../../src/lora/peft.ts'
import { openCheckpoint } from '../../src/model/open.ts'
import { captureAddress, noCapture, startCapture } from './capture.ts'
import { addressesOf, createFederation, type Federation, inPhase, plan, startPeer } from './federation.ts'
import { forgive, type Secrets, secretTensors, secretTexts } from './leaks.ts'

export interface RecordedRun {
  readonly federation: Federation
  /** Words that stand in private examples only. */
  readonly canaries: Secrets
  /** What the model wrote from private examples. */
  readonly synthetic: Secrets
  /** The local adapters of all rounds. */
  readonly local: Secrets
  /** The global adapters that the peers ended with. */
  readonly global: Secrets
  /** What went into encryption, and what was handed to the network. */
  readonly wire: Buffer
  readonly port: Buffer
  /** Event logs and what the peers' processes printed. */
  readonly logs: Buffer
  /** Where packets can be captured: all that the loopback interface carried for this run, and how many were lost. */
  readonly packets: Buffer
  readonly dropped: number
}

/** Names of peers: these are told to everybody. */
export const names = ['quibblewick-ada', 'quibblewick-bob', 'quibblewick-cyd']
/** Sent over the captured interface without encryption. */
export const unencrypted = 'snorkelfidget in the clear'

const rounds = 2

export async function recordRun(): Promise<RecordedRun> {
  const federation = await createFederation(names)
  const tap = join(federation.folder, 'tap')
  await mkdir(tap)
  const canaries: Secrets = new Map()
  for (const name of names) {
    const examples = planted(await examplesIn(federation.data(name)), name)
    await writeFile(federation.data(name), examples.map((example) => `${JSON.stringify(example)}\n`).join(''))
    secretTexts(canaries, `a private example of ${name}`, examples)
    for (const word of examples.flatMap(wordsOf)) canaries.set(word, `"${word}"`)
  }
  const preload = `--import=${resolve('tests/fixtures/tap/register.ts')}`
  const tapped = { ...federation, env: { ...federation.env, NODE_OPTIONS: preload, FEDPIT_TAP: tap } }

  const file = join(federation.folder, 'packets.pcap')
  const capture = noCapture ? undefined : await startCapture(file)
  const host = noCapture ? '127.0.0.1' : captureAddress
  const shared = { peers: names.length, rounds, listen: [`/ip4/${host}/tcp/0`] }
  const [first = '', ...rest] = names
  const ada = await startPeer(tapped, first, { ...shared, join: [] })
  const settings = { ...shared, join: await addressesOf(ada) }
  // The last one generates nothing that could be used, so that it pulls the others' adapter as a blob.
  const barren = { ...settings, fedpit: { ...plan.fedpit, responseTokens: 1, attempts: 1, triesPerCandidate: 1 } }
  const others = rest.map((name, i) => startPeer(tapped, name, i === rest.length - 1 ? barren : settings))
  const peers = [ada, ...(await Promise.all(others))]

  const local: Secrets = new Map()
  const global: Secrets = new Map()
  const { config } = await openCheckpoint(federation.model, join(federation.folder, 'cache'))
  const secretAdapter = async (secrets: Secrets, name: string, which: 'global' | 'local'): Promise<void> => {
    const adapter = await readPeftAdapter(join(homeOf(federation, name), 'adapters', which), config)
    secretTensors(secrets, `the ${which} adapter of ${name}, tensor`, adapter, adapterLayout(adapter.config, config))
  }
  const ends = await Promise.all(
    peers.map(async (peer) => {
      for (let round = 1; round <= rounds; round++) {
        await peer.seen(inPhase('evaluating', round))
        await secretAdapter(local, peer.name, 'local')
      }
      return peer.ended
    }),
  )
  for (const { code, stderr } of ends) if (code !== 0) throw new Error(`A peer ended with ${code}: ${stderr}`)
  if (capture !== undefined) await sendInTheClear(file)
  const { dropped } = (await capture?.stop()) ?? { dropped: 0 }

  const synthetic: Secrets = new Map()
  const logs = ends.flatMap(({ stdout, stderr }) => [stdout, stderr])
  for (const name of names) {
    await secretAdapter(global, name, 'global')
    const home = homeOf(federation, name)
    logs.push(await readFile(join(home, 'events.jsonl'), 'utf8'))
    // One of them has generated nothing.
    const kept = join(home, 'synthetic')
    for (const written of existsSync(kept) ? await readdir(kept) : []) {
      secretTexts(synthetic, `what ${name} generated`, await examplesIn(join(kept, written)))
    }
  }
  forgive(local, global)
  const said = async (kind: string): Promise<Buffer> => {
    const files = (await readdir(tap)).filter((name) => name.endsWith(kind))
    return Buffer.concat(await Promise.all(files.map((name) => readFile(join(tap, name)))))
  }
  const packets = capture === undefined ? Buffer.alloc(0) : await readFile(file)
  const [wire, port] = [await said('.wire'), await said('.port')]
  return {
    federation,
    canaries,
    synthetic,
    local,
    global,
    wire,
    port,
    logs: Buffer.from(logs.join()),
    packets,
    dropped,
  }
}

const homeOf = (federation: Federation, name: string): string => join(federation.folder, 'homes', name)

async function examplesIn(file: string): Promise<Example[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Example)
}

/** The examples with a word in every field that nobody else says. */
function planted(examples: readonly Example[], name: string): Example[] {
  return examples.map(({ instruction, response }, i) => ({
    instruction: `${instruction} wumpledorf-${name}-${i}`,
    input: `wumpledorf-${name}-${i}-input`,
    response: `${response} wumpledorf-${name}-${i}-response`,
  }))
}

function wordsOf(example: Example): string[] {
  return Object.values(example).flatMap((text) => /wumpledorf\S+/.exec(text) ?? [])
}

/** Packets are written in order: once these words are in the file, so is all that came before. */
async function sendInTheClear(file: string): Promise<void> {
  const server = createServer((socket) => socket.resume().on('end', () => socket.end()))
  await new Promise<void>((done) => server.listen(0, captureAddress, done))
  const { port } = server.address() as { port: number }
  const socket = createConnection(port, captureAddress)
  socket.end(unencrypted)
  await new Promise((done) => socket.resume().on('close', done))
  await new Promise((done) => server.close(done))
  for (let tries = 0; tries < 100 && !(await readFile(file)).includes(unencrypted); tries++) await sleep(100)
}
