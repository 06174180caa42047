/** `fedpit.yaml` in a peer's home: who it is, where it listens, whom it joins, and the federation's plan. */
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { checkPlan, engineFields, nameSchema, planFields, rankSchema } from './plan-schema.ts'
import { pathOrName, readYaml } from './read-yaml.ts'

/** In a peer's home. */
export const peerFileName = 'fedpit.yaml'

const address = z.string().regex(/^\/(ip4|ip6|dns|dns4|dns6)\//, 'a multiaddr such as /ip4/192.0.2.1/tcp/4001')

const announced = z
  .string()
  .regex(/^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}$/, 'a multiaddr such as /ip4/203.0.113.7/tcp/4001')

export const peerFileSchema = z
  .strictObject({
    name: nameSchema,
    data: z.string().min(1).max(1000),
    /** Peers to wait for before the first round, itself counted. */
    peers: z.int().min(1).max(10_000).default(2),
    listen: z.array(address).min(1).max(16).default(['/ip4/0.0.0.0/tcp/0']),
    /** Where others reach it, if not at its own addresses. */
    announce: z.array(announced).max(8).default([]),
    join: z.array(address).max(64).default([]),
    /** More than ten peers share one address: one machine, or one NAT. Otherwise they are taken for one attacker. */
    manyPeersPerAddress: z.boolean().default(false),
    /** Peer ids of the only members; absent: everyone whose hello fits. */
    allow: z.array(z.string().min(1).max(100)).max(10_000).optional(),
    /** A file with 32 bytes, or 64 hex digits, that all members share. */
    preSharedKey: z.string().min(1).max(1000).optional(),
    /** Of its own adapters, at most lora.rank; with mixing.factors svd. */
    rank: rankSchema,
    ...engineFields,
    ...planFields,
  })
  .superRefine(checkPlan)

export type PeerFile = z.infer<typeof peerFileSchema>

/** Paths are relative to the file's own folder. `edit` changes the text that is read. */
export async function readPeerFile(file: string, edit?: (text: string) => string): Promise<PeerFile> {
  const settings = await readYaml(file, peerFileSchema, edit)
  const folder = dirname(resolve(file))
  const { preSharedKey } = settings
  return {
    ...settings,
    data: resolve(folder, settings.data),
    model: pathOrName(settings.model, folder),
    topology: pathOrName(settings.topology, folder),
    ...(preSharedKey === undefined ? {} : { preSharedKey: resolve(folder, preSharedKey) }),
  }
}
