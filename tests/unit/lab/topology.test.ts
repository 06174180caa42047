import assert from 'node:assert/strict'
import test from 'node:test'
import { edge } from '../../../src/averaging/schedule.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'
import { topologyInTerminal } from '../../../src/lab/topology/braille.ts'
import { topologyFigure } from '../../../src/lab/topology/figure.ts'

const count = (text: string, what: RegExp) => text.match(what)?.length ?? 0
const dots = (text: string) =>
  [...text].reduce((sum, c) => {
    const code = c.charCodeAt(0) - 0x2800
    return code > 0 && code < 256 ? sum + count(code.toString(2), /1/g) : sum
  }, 0)

test('topologyFigure() draws every edge with its weight, every peer, and a panel for each round', () => {
  const rounds = topologyByName('base-2').rounds(5, '')
  const svg = topologyFigure('base-2 <5>', rounds, 5) ?? ''
  assert.equal(count(svg, /<line /g), rounds.flat().length)
  assert.equal(count(svg, /<circle /g), 5 * rounds.length)
  assert.match(svg, /<title>0 - 4: 4\/5<\/title>/)
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
  assert.match(svg, /<title>base-2 &#60;5&#62;<\/title>/)
  assert.match(svg, />round 5</)
})

test('topologyFigure() draws a graph that stays once, and nothing where there is too much', () => {
  const ring = topologyByName('ring')
  assert.equal(count(topologyFigure('ring', ring.rounds(8, ''), 8) ?? '', /<line /g), 8)
  assert.equal(topologyFigure('ring', ring.rounds(600, ''), 600), undefined)
})

test('topologyInTerminal() shows peers and edges as dots, in lines that are no wider than three circles', () => {
  const alone = topologyInTerminal([[]], 4) ?? ''
  assert.equal(dots(alone), 4 * 4)
  const pair = topologyInTerminal([[edge(0, 2, 1, 2)]], 4) ?? ''
  assert.ok(dots(pair) > 4 * 4 + 40, String(dots(pair)))
  const rounds = topologyByName('base-2').rounds(16, '')
  const lines = (topologyInTerminal(rounds, 16) ?? '').split('\n')
  assert.equal(lines.length, 13)
  assert.ok(lines.every((line) => line.length <= 76))
  assert.match(lines.at(-1) ?? '', /^round 1 of 4 +round 2 of 4 +round 3 of 4$/)
  assert.equal(topologyInTerminal(rounds, 200), undefined)
  assert.equal(topologyInTerminal([], 1), undefined)
})
