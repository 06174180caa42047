import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { lifecycleDiagram } from '../../../../peers/behaviour/lifecycle-diagram.ts'

test('the diagram in peers/README.md is that of the machine (node scripts/figures/lifecycle.ts writes it)', () => {
  const page = readFileSync(new URL('../../../../peers/README.md', import.meta.url), 'utf8')
  assert.ok(page.includes(`\`\`\`mermaid\n${lifecycleDiagram()}\n\`\`\``))
})

test('lifecycleDiagram() shows all seven phases and ends in leaving', () => {
  const diagram = lifecycleDiagram()
  for (const phase of ['joining', 'generating', 'training', 'averaging', 'evaluating', 'idle', 'leaving']) {
    assert.match(diagram, new RegExp(`\\b${phase}\\b`))
  }
  assert.match(diagram, /leaving --> \[\*\]/)
})
