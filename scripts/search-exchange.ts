/**
 * `npm run search:exchange [-- --kills 2] [--attempts 2] [--backlog 1] [--compaction] [--sessions] [--roundless] [--format json]`:
 * every state of one averaging edge within wider bounds than the tests have (tests/simulation/exchange-search.ts). Exits
 * with 1 and the shortest way there where the sum moves or a doubt stays.
 */
import { parseArgs } from 'node:util'
import { searchExchange } from '../tests/simulation/exchange-search.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '2' },
    attempts: { type: 'string', default: '2' },
    backlog: { type: 'string', default: '1' },
    compaction: { type: 'boolean', default: false },
    sessions: { type: 'boolean', default: false },
    roundless: { type: 'boolean', default: false },
    format: { type: 'string', default: 'text' },
  },
})
const { compaction, sessions, roundless } = values
const kills = wholeNumber('--kills', values.kills)
const offers = wholeNumber('--attempts', values.attempts)
const backlog = wholeNumber('--backlog', values.backlog)
const started = performance.now()
const { states, sides, failure } = searchExchange({ kills, offers, backlog, compaction, sessions, roundless })
const seconds = Math.round((performance.now() - started) / 100) / 10
const bounds = { kills, attempts: offers, backlog, compaction, sessions, roundless }
const document = { bounds, states, peerStates: sides.length, seconds, failure: failure?.split('\n') ?? null }
const text = `${states} states of an edge, ${sides.length} of a peer, ${seconds} s\n${failure ?? 'The sum stays and no doubt is left in any of them'}\n`
process.stdout.write(values.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : text)
if (failure !== undefined) process.exitCode = 1
