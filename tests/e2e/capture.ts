/** A packet capture of the loopback interface by tcpdump, on an address that nothing else uses. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** Linux answers on all of 127/8. */
export const captureAddress = '127.77.0.1'

/** Why no packets can be captured here; false where they can. */
export const noCapture: string | false =
  process.platform !== 'linux'
    ? `NO PACKET CAPTURE: expected Linux, got ${process.platform}`
    : process.getuid?.() !== 0
      ? 'NO PACKET CAPTURE: expected to run as root'
      : spawnSync('tcpdump', ['--version']).status !== 0
        ? 'NO PACKET CAPTURE: expected tcpdump to be installed'
        : false

export interface Capture {
  /** Resolves when all packets are in the file; `dropped` of them were lost. */
  stop(): Promise<{ readonly packets: number; readonly dropped: number }>
}

export async function startCapture(file: string): Promise<Capture> {
  const flags = [
    '--interface=lo',
    '--snapshot-length=0',
    '--immediate-mode',
    '--packet-buffered',
    '--buffer-size=32768',
    '-Z',
    'root',
  ]
  const child = spawn('tcpdump', [...flags, '-w', file, `tcp and host ${captureAddress}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', () => said.includes('listening on') && resolve())
    child.on('error', reject)
    child.on('close', () => reject(new Error(`Cannot capture: tcpdump ended: ${said}`)))
  })
  return {
    async stop() {
      await end(child)
      const count = (what: RegExp): number => Number(what.exec(said)?.[1] ?? Number.NaN)
      return { packets: count(/(\d+) packets? captured/), dropped: count(/(\d+) packets? dropped by kernel/) }
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGINT')
  await closed
}
