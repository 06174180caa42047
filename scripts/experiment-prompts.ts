/**
 * `npm run experiment:prompts [-- FILE ...]`: which way of asking gives a small model the most usable synthetic
 * examples. For each way and each file of private examples (default: the four that come with the program), one wave of
 * self-generation: what passes the filters and why the rest does not, seconds, responses that are like private ones,
 * and the held-out loss after training on the accepted examples alone.
 */
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { findHome, findModel } from '../src/cli/home.ts'
import { createRandom } from '../src/core/random.ts'
import { readExamples } from '../src/data/read-examples.ts'
import { holdOut } from '../src/data/split.ts'
import { startEngine } from '../src/engine/start.ts'
import { type FedPitSettings, fedPitSchema } from '../src/fedpit/hyper-parameters.ts'
import { asGlobal } from '../src/lora/adapter.ts'
import { drawings, measureDrawing, measureGeneration, type Peer } from './experiments/prompt-measure.ts'
import { promptVariants } from './experiments/prompt-variants.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values, positionals } = parseArgs({
  options: {
    model: { type: 'string', default: 'smollm2-135m-instruct' },
    decode: { type: 'string', default: 'f32' },
    threads: { type: 'string', default: String(availableParallelism()) },
    count: { type: 'string', default: '16' },
    seed: { type: 'string', default: 'prompts' },
    format: { type: 'string', default: 'text' },
  },
  allowPositionals: true,
})
const note = (line: string) => process.stderr.write(`${line}\n`)
const files =
  positionals.length > 0 ? positionals : globSync(join(import.meta.dirname, '../src/lab/examples/*.jsonl')).sort()
const [count, threads] = [wholeNumber('--count', values.count), wholeNumber('--threads', values.threads)]
/** One wave: as many tries as examples are wanted. */
const wave = { candidates: count, keep: count, triesPerCandidate: 1, instructionTokens: 32, responseTokens: 48 }
const training = { batchSize: 4, maxTokens: 192 }
const settingsOf = (change: object): FedPitSettings => fedPitSchema.parse({ ...wave, training, ...change })

const home = findHome(process.env)
const engine = startEngine({ cacheFolder: home.cache })
try {
  const info = await engine.open({
    path: findModel(values.model, home),
    device: 'cpu',
    decode: values.decode === 'int8' ? 'int8' : 'f32',
    threads,
  })
  const start = asGlobal(
    await engine.createAdapter({ rank: 8, alpha: 16, targets: ['q', 'v'], rslora: false }, 'prompts'),
  )
  const bench = { engine, chat: info.hasChatTemplate, maxPositions: info.maxPositions, start, seed: values.seed }
  const peers = await Promise.all(files.map(readPeer))
  const generation = []
  for (const [variant, change] of Object.entries(promptVariants)) {
    for (const peer of peers) {
      const figures = await measureGeneration(peer, settingsOf(change), bench)
      generation.push({ variant, peer: peer.name, ...figures })
      note(generationText(generation.slice(-1)))
    }
  }
  const drawing = []
  for (const [name, way] of Object.entries(drawings)) {
    for (const peer of peers) {
      drawing.push({ drawing: name, peer: peer.name, ...(await measureDrawing(peer, settingsOf({}), way, bench)) })
    }
  }
  const text = [generationText(generation), ...drawing.map(drawingText)].join('\n')
  const document = { model: info.name, count, seed: values.seed, generation, drawing }
  process.stdout.write(`${values.format === 'json' ? JSON.stringify(document, undefined, 2) : text}\n`)
} finally {
  await engine.close()
}

async function readPeer(file: string): Promise<Peer> {
  const { examples } = await readExamples(file)
  const { train, heldOut } = holdOut(examples, 0.15, createRandom(values.seed))
  return { name: basename(file, '.jsonl'), examples: train, heldOut }
}

function generationText(
  rows: readonly ({ variant: string; peer: string } & Awaited<ReturnType<typeof measureGeneration>>)[],
): string {
  return rows
    .map(({ variant, peer, tried, accepted, rejected, seconds, responses, loss }) => {
      const reasons = Object.entries(rejected).map(([reason, times]) => `${times} ${reason}`)
      return (
        `${variant.padEnd(17)} ${peer.padEnd(11)} ${accepted} of ${tried} in ${seconds.toFixed(1)} s; ` +
        `loss ${loss.before.toFixed(2)} -> ${loss.after.toFixed(2)}; response like a private one: ${responses.similar}, ` +
        `the same: ${responses.same}; rejected: ${reasons.join(', ') || 'none'}`
      )
    })
    .join('\n')
}

function drawingText(row: { drawing: string; peer: string } & Awaited<ReturnType<typeof measureDrawing>>): string {
  const { drawing, peer, tried, accepted, seconds } = row
  return `${drawing.padEnd(18)} ${peer.padEnd(11)} ${accepted} of ${tried} tasks in ${seconds.toFixed(1)} s`
}
