/** Writes the diagrams of a peer's two lives, read off the machines, into peers/README.md (a test checks that it was run). */
import { readFileSync, writeFileSync } from 'node:fs'
import { asynchronousLifecycle } from '../../peers/behaviour/asynchronous-lifecycle.ts'
import { lifecycle } from '../../peers/behaviour/lifecycle.ts'
import { lifecycleDiagram } from '../../peers/behaviour/lifecycle-diagram.ts'

const page = new URL('../../peers/README.md', import.meta.url)
const fence = /```mermaid\nstateDiagram-v2[\s\S]*?```/g
const diagrams = [lifecycle, asynchronousLifecycle].map(lifecycleDiagram)
const text = readFileSync(page, 'utf8').replace(fence, () => `\`\`\`mermaid\n${diagrams.shift()}\n\`\`\``)
writeFileSync(page, text)
