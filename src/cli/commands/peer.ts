/** `fedpit peer`: runs one peer, and says how the next machine joins it. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PeerEvent } from '../../../peers/events.ts'
import { closingLog, openEventLog } from '../../../peers/wiring/event-log.ts'
import { localError } from '../../core/errors.ts'
import { readExamples } from '../../data/read-examples.ts'
import { createEngineRoom } from '../../lab/engine-room.ts'
import { engineVariable } from '../../lab/launch-process.ts'
import { createLiveDisplay, roundsOf } from '../../lab/live.ts'
import { outcomeDocument, outcomesOf } from '../../lab/outcome.ts'
import { peerFileName, readPeerFile } from '../../lab/peer-file.ts'
import { parseSetting, type Setting, withSettings } from '../../lab/settings.ts'
import { outcomeTable } from '../../lab/table.ts'
import type { CommandContext, Register } from '../context.ts'
import { findHome, findModel } from '../home.ts'
import { invitation } from '../invitation.ts'
import { invocation } from '../invocation.ts'
import { ensureModel } from '../models/pull.ts'
import { pullContext } from '../models/pull-context.ts'
import { initHome } from './init.ts'

interface PeerOptions {
  readonly home: string
  readonly join: readonly string[]
  readonly data?: string
  readonly name?: string
  readonly set: readonly string[]
}

const examples = `
Examples:
  fedpit peer --data notes.jsonl
  fedpit peer --join /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo... --set rounds=5 --set lora.rank=4 --data notes.jsonl`

const collect = (value: string, all: readonly string[]): string[] => [...all, value]

export const register: Register = (program, context) => {
  program
    .command('peer')
    .description('run a peer; makes its home first where there is none')
    .option('--home <folder>', 'its home, as "fedpit init" makes it', 'fedpit-peer')
    .option('--join <address>', 'a peer to join through (may be repeated)', collect, [])
    .option('--data <file>', 'private examples, instead of those that fedpit.yaml names')
    .option('--name <name>', 'name that the other peers are shown, instead of the one in fedpit.yaml')
    .option('--set <key=value>', 'a setting, instead of what fedpit.yaml says (may be repeated)', collect, [])
    .addHelpText('after', examples)
    .action((options: PeerOptions) => peer(options, context))
}

async function peer(options: PeerOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context
  const home = resolve(options.home)
  const file = join(home, peerFileName)
  const set = options.set.map(parseSetting)
  if (!existsSync(file)) await initHome(home, { ...options, set })
  const settings = await readPeerFile(file, (text) => withSettings(text, [...set, ...overrides(options)]))
  const storage = findHome(process.env)
  const fedpit = invocation(process.env)
  // A mistake here is told before a model is fetched.
  await readExamples(settings.data)
  await ensureModel(settings.model, storage, pullContext(context))
  const engineAddress = process.env[engineVariable]
  const room = createEngineRoom({
    findModel: (name) => findModel(name, storage),
    cacheFolder: storage.cache,
    ...(engineAddress === undefined ? {} : { engineAddress }),
  })
  const log = openEventLog(join(home, 'events.jsonl'))
  const display = createLiveDisplay(process.stderr, roundsOf(settings), () => performance.now())
  const events: PeerEvent[] = []
  const publish = (event: PeerEvent): void => {
    events.push(event)
    log.write(event)
    // A parent that runs many peers (fedpit swarm --processes) follows them this way.
    if (process.connected) process.send?.(event)
    if (event.type === 'listening') output.note(invitation(fedpit, event.peer, event.addresses, settings))
    display.show(event)
  }
  process.on('disconnect', orphaned)
  // It may have been killed while this process was loading.
  if (process.connected === false) orphaned()
  await closingLog(log, async () => {
    try {
      const reason = await room.run(home, settings, publish, signal)
      signal.throwIfAborted()
      if (reason !== 'done') throw localError('peer.failed', `Cannot go on: the peer ended because ${reason}`)
    } finally {
      process.off('disconnect', orphaned)
      display.close()
      await room.close()
    }
  })
  const outcomes = outcomesOf(events)
  output.result(outcomes.map(outcomeDocument)[0], outcomeTable(outcomes))
}

/** A peer whose parent was killed leaves as if it had been asked to: it has lost the engine and its place. */
function orphaned(): void {
  process.kill(process.pid, 'SIGTERM')
}

/** As settings, so that they are judged as what stands in the file is. */
function overrides({ join: joins, data, name }: PeerOptions): Setting[] {
  return [
    ...(joins.length === 0 ? [] : [{ path: ['join'], value: joins }]),
    ...(data === undefined ? [] : [{ path: ['data'], value: resolve(data) }]),
    ...(name === undefined ? [] : [{ path: ['name'], value: name }]),
  ]
}
