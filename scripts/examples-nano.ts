/** `npm run examples:nano`: writes the private data of `npm start`'s peers (a test checks that it was run). */
import { mkdir, writeFile } from 'node:fs/promises'
import { nanoExamples } from './examples/nano-examples.ts'

const folder = new URL('../src/lab/examples/nano/', import.meta.url)
await mkdir(folder, { recursive: true })
for (const [name, text] of nanoExamples()) await writeFile(new URL(name, folder), text)
