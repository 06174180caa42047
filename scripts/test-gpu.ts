/**
 * `npm run test:gpu`: training, gradients and decoding on the WebGPU provider. It takes the GPU where this machine has
 * one, else SwiftShader, the Vulkan on the processor that Debian's chromium brings: right, and far too slow for more than
 * tests. Arguments are paths of tests to run instead of everything in tests/gpu.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { probeProvider } from '../src/engine/devices/probe.ts'

/** Where distributions keep the manifest of chromium's SwiftShader. */
const manifests = ['/usr/lib/chromium', '/usr/lib64/chromium-browser', '/usr/lib64/chromium', '/opt/google/chrome'].map(
  (folder) => `${folder}/vk_swiftshader_icd.json`,
)

const [first] = process.argv.slice(2)
if (first === '--probe') process.stdout.write((await probeProvider('webgpu')) ?? '')
else process.exitCode = testGpu(process.argv.slice(2))

function testGpu(paths: readonly string[]): number {
  const refused: string[] = []
  for (const { name, env } of devices()) {
    const reason = probe(env)
    if (reason !== '') {
      refused.push(`${name}: ${reason}`)
      continue
    }
    process.stderr.write(`${[...refused, `${name}: taken`].join('\n')}\n`)
    const files = globSync(paths.length > 0 ? [...paths] : 'tests/gpu/*.test.ts').sort()
    const args = ['--test', '--test-concurrency=2', ...files]
    return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
  }
  process.stderr.write(
    `${refused.join('\n')}\nCannot test on a GPU: expected a WebGPU device, got none. ` +
      'On Debian, "apt-get install chromium libvulkan1" brings one in software\n',
  )
  return 1
}

/** In the order of preference. */
function devices(): { name: string; env: NodeJS.ProcessEnv }[] {
  const own = { name: `WebGPU device of this machine (${process.platform})`, env: process.env }
  const manifest = manifests.find((path) => existsSync(path))
  if (manifest === undefined) return [own]
  const vulkan = { VK_ICD_FILENAMES: manifest, VK_DRIVER_FILES: manifest }
  const env = { ...process.env, ...vulkan, XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir() }
  return [own, { name: `SwiftShader, Vulkan on the processor (${manifest})`, env }]
}

/** Empty where it works, else why not; in a process of its own, because a driver is looked for once. */
function probe(env: NodeJS.ProcessEnv): string {
  const { status, signal, stdout } = spawnSync(process.execPath, [import.meta.filename, '--probe'], {
    env,
    encoding: 'utf8',
  })
  return status === 0 ? stdout : `the process that tried it ended with ${signal ?? `exit code ${status}`}`
}
