/** Ports that are left open, `/tcp/0`: the one of last time is taken again, because it is where others look for us. */
import { once } from 'node:events'
import { createServer } from 'node:net'

const openPort = /^\/(ip4|ip6)\/([^/]+)\/tcp\/0$/

/** The same addresses, each with the port it had where that is free now. */
export function withPorts(listen: readonly string[], ports: ReadonlyMap<string, number>): Promise<string[]> {
  return Promise.all(
    listen.map(async (address) => {
      const [, , host] = openPort.exec(address) ?? []
      const port = ports.get(address)
      if (host === undefined || port === undefined || !(await isFree(host, port))) return address
      return address.replace(/0$/, `${port}`)
    }),
  )
}

/** The port that an address left open has got; `listening`: all on which the node is now. */
export function portOf(address: string, listening: readonly string[]): number | undefined {
  const [, family, host] = openPort.exec(address) ?? []
  if (family === undefined) return undefined
  const anywhere = host === '0.0.0.0' || host === '::'
  const got = listening.find((one) => one.startsWith(anywhere ? `/${family}/` : `/${family}/${host}/tcp/`))
  return Number(/\/tcp\/(\d+)/.exec(got ?? '')?.[1]) || undefined
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer().listen({ host, port, ipv6Only: host.includes(':') })
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
