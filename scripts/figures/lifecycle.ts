/** Writes the diagram of a peer's life, read off the machine, into peers/README.md (a test checks that it was run). */
import { readFileSync, writeFileSync } from 'node:fs'
import { lifecycleDiagram } from '../../peers/behaviour/lifecycle-diagram.ts'

const page = new URL('../../peers/README.md', import.meta.url)
const fence = /```mermaid\nstateDiagram-v2[\s\S]*?```/
writeFileSync(page, readFileSync(page, 'utf8').replace(fence, `\`\`\`mermaid\n${lifecycleDiagram()}\n\`\`\``))
