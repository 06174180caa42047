/** A key's peer id: what others call a peer, also before it has run. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { PeerKey } from '../../kernel/ports.ts'

/** `key`: seed of the Ed25519 key, 32 bytes. */
export async function peerIdOf(key: Uint8Array): Promise<PeerKey> {
  return peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', key)).toString()
}
