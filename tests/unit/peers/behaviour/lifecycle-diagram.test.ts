import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { asynchronousLifecycle } from '../../../../peers/behaviour/asynchronous-lifecycle.ts'
import { lifecycle } from '../../../../peers/behaviour/lifecycle.ts'
import { lifecycleDiagram } from '../../../../peers/behaviour/lifecycle-diagram.ts'

test('the diagrams in peers/README.md are those of the machines (node scripts/figures/lifecycle.ts writes it)', () => {
  const page = readFileSync(new URL('../../../../peers/README.md', import.meta.url), 'utf8')
  for (const chart of [lifecycle, asynchronousLifecycle]) {
    assert.ok(page.includes(`\`\`\`mermaid\n${lifecycleDiagram(chart)}\n\`\`\``))
  }
})

test('lifecycleDiagram() shows all seven phases and ends in leaving', () => {
  const diagram = lifecycleDiagram(lifecycle)
  for (const phase of [
    'joining',
    'generating',
    'training',
    'averaging',
    'personalising',
    'evaluating',
    'idle',
    'leaving',
  ]) {
    assert.match(diagram, new RegExp(`\\b${phase}\\b`))
  }
  assert.match(diagram, /leaving --> \[\*\]/)
})
