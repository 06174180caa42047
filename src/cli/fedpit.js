#!/usr/bin/env node
/**
 * The `fedpit` executable. Plain JavaScript that any Node from 18 on can read: a Node that is too old runs this file
 * again with the Node that the package brings. Then it starts the program: `main.ts` in the repository, the compiled
 * `dist/src/cli/main.js` where the package was installed (Node does not strip types under node_modules).
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const neededMajor = 24
const here = dirname(fileURLToPath(import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  const source = join(here, 'main.ts')
  const entry = existsSync(source) ? source : join(here, '..', '..', 'dist', 'src', 'cli', 'main.js')
  const { main } = await import(pathToFileURL(entry).href)
  await main()
} else {
  runWith(packagedNode())
}

/** Path of the `node` package's binary, or undefined where its install script was not allowed to run. */
function packagedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

function runWith(node) {
  // The variable stops an endless chain should the found binary be too old as well.
  if (node === undefined || process.env.FEDPIT_RERUN !== undefined) {
    console.error(
      `Cannot run fedpit: expected Node ${neededMajor} or newer, got ${process.versions.node}, and the package's own ` +
        'Node is not installed. Install a newer Node, or run `npm rebuild node` beside this package',
    )
    process.exitCode = 3
    return
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, FEDPIT_RERUN: '1' },
  })
  // A terminal sends its interrupt to the whole foreground group, so the child already has it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    console.error(`Cannot run fedpit with ${node}: ${error.message}`)
    process.exitCode = 3
  })
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
