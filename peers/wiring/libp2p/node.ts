/** The libp2p node under a network: transports, limits and timeouts, and the reasons for them. */
import { type GossipSub, gossipsub, StrictSign } from '@chainsafe/libp2p-gossipsub'
import { createTopicScoreParams } from '@chainsafe/libp2p-gossipsub/score'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { type Identify, identify } from '@libp2p/identify'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { type Ping, ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { fromString, toString as textOf } from 'uint8arrays'
import { inputError } from '../../../src/core/errors.ts'
import type { ConnectionWatch } from './connection-watch.ts'
import { withOpening } from './opening.ts'
import type { Libp2pNetworkOptions } from './options.ts'
import { topicName, topics } from './topics.ts'

export type Node = Libp2p<{ identify: Identify; ping: Ping; pubsub: GossipSub }>

const MAX_CONNECTIONS = 256
/** For one address of a peer: TCP and encryption. */
export const ADDRESS_TIMEOUT_MS = 6_000
const KEY_BYTES = 32

/** A node that is not started yet; `watch` sees its connections. */
export async function createNode(options: Libp2pNetworkOptions, watch: ConnectionWatch): Promise<Node> {
  const { listen, allowlist, preSharedKey: psk, manyPeersPerAddress = false } = options
  checkLength('private key', options.privateKey)
  if (psk !== undefined) checkLength('pre-shared key', psk)
  const protector = psk === undefined ? undefined : preSharedKey({ psk: swarmKey(psk) })()
  const allowed = allowlist === undefined ? undefined : new Set(allowlist)
  const deny = (peer: PeerId): boolean => allowed !== undefined && !allowed.has(peer.toString())
  return createLibp2p({
    start: false,
    privateKey: await generateKeyPairFromSeed('Ed25519', options.privateKey),
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    // The read buffer must be larger than the window, or a paused reader loses its stream. The window is small, because
    // a ping waits behind what is under way: half a MiB takes 0.8 s on a line of 5 Mbit/s.
    streamMuxers: [yamux({ streamOptions: { maxStreamWindowSize: 512 << 10, maxReadBufferLength: 8 << 20 } })],
    connectionProtector: () => watch.protector(withOpening(protector)),
    connectionGater: {
      denyDialMultiaddr: () => false,
      denyInboundEncryptedConnection: deny,
      denyOutboundEncryptedConnection: deny,
    },
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: manyPeersPerAddress ? 1000 : 20,
      // The network redials by itself, for hours if need be (dialer.ts).
      reconnectRetries: 0,
      addressDialTimeout: ADDRESS_TIMEOUT_MS,
    },
    // Pings keep connections talking; whether one is dead is for the watch to say.
    connectionMonitor: { pingInterval: 2_000, abortConnectionOnPingFailure: false },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictSign,
        allowPublishToZeroTopicPeers: true,
        fallbackToFloodsub: false,
        allowedTopics: topics.map(({ id }) => topicName(id, options.hello.federation)),
        maxInboundDataLength: 32 << 10,
        maxOutboundBufferSize: 8 << 20,
        maxTopicBytesPerPeer: 64 << 10,
        decodeRpcLimits: {
          maxSubscriptions: 64,
          maxMessages: 256,
          maxIhaveMessageIDs: 512,
          maxIwantMessageIDs: 512,
          maxIdontwantMessageIDs: 512,
          maxControlMessages: 512,
          maxPeerInfos: 16,
        },
        scoreParams: {
          IPColocationFactorWeight: manyPeersPerAddress ? 0 : -5,
          topics: Object.fromEntries(topics.map(({ id }) => [topicName(id, options.hello.federation), scores])),
        },
      }),
    },
  })
}

/**
 * Rounds are rare, so a quiet peer is an honest one: no score for deliveries. Invalid messages count squared: the
 * fourth within a few minutes takes a peer below gossipsub's graylist threshold of -80.
 */
const scores = createTopicScoreParams({
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1000,
  timeInMeshCap: 100,
  meshMessageDeliveriesWeight: 0,
  meshFailurePenaltyWeight: 0,
  invalidMessageDeliveriesWeight: -5,
  invalidMessageDeliveriesDecay: 0.99,
})

function checkLength(what: string, bytes: Uint8Array): void {
  if (bytes.byteLength === KEY_BYTES) return
  throw inputError('network.key', `Cannot use ${what}: expected ${KEY_BYTES} bytes, got ${bytes.byteLength}`)
}

/** The text form that libp2p's private networks read (https://github.com/libp2p/specs/blob/master/pnet). */
const swarmKey = (key: Uint8Array): Uint8Array => fromString(`/key/swarm/psk/1.0.0/\n/base16/\n${textOf(key, 'hex')}`)
