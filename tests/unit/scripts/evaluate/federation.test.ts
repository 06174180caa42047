import assert from 'node:assert/strict'
import { test } from 'node:test'
import { federate } from '../../../../scripts/evaluate/federation.ts'
import { fourOfOneTrade } from '../../../../scripts/evaluate/peers.ts'
import { families } from '../../../../src/nano/corpus/families.ts'
import { good, maxPositions } from '../../fedpit/few-examples.ts'
import { scriptedEngine, start } from '../../fedpit/scripted-engine.ts'

test('federate() says how many prompts for synthetic examples showed a canary, and how many the secret', async () => {
  const scripted = scriptedEngine(good)
  const unused = () => assert.fail()
  const engine = { ...scripted.engine, createAdapter: async () => start, open: unused, close: unused }
  const heldOut = families.filter(({ split }) => split === 'heldOut')
  // One more, with the canary, than a prompt shows.
  const peers = fourOfOneTrade(heldOut, 'clinic', { examples: 6, heldOut: 2 }, 'a')
  const { shown } = await federate({ engine, maxPositions }, peers, 1, 'a', () => {})
  // All else is asked in chats.
  const prompts = scripted.asked.generate.flatMap((request) => request.prompts).filter((one) => typeof one === 'string')
  const shareWith = (texts: readonly string[]) =>
    prompts.filter((prompt) => texts.some((text) => prompt.includes(text))).length / prompts.length
  const secrets = peers.map(({ canary }) => canary.example.response)
  const instructions = peers.map(({ canary }) => canary.example.instruction)
  assert.deepEqual(shown, { shown: shareWith([...instructions, ...secrets]), shownSecret: shareWith(secrets) })
  assert.ok(0 < shown.shownSecret && shown.shownSecret < shown.shown && shown.shown < 1, JSON.stringify(shown))
})
