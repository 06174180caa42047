/** Frames of a hello stream to bytes and back (SPEC.md). */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { assertNever } from '../../src/core/errors.ts'
import { type Fields, fieldsOf } from '../wire/fields.ts'
import { parse } from '../wire/parse.ts'
import * as limits from './constants.ts'
import { FrameSchema } from './hello_pb.ts'
import type { Hello, HelloFrame, Verdict } from './messages.ts'

type Body = NonNullable<MessageInitShape<typeof FrameSchema>['body']>

/** Multiaddrs that a peer of this version can dial. */
const address = /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}\/p2p\/[A-Za-z0-9]+$/
export const isPeerAddress = (text: string): boolean => text.length <= limits.ADDRESS_LENGTH && address.test(text)
const peerId = /^[A-Za-z0-9]{32,80}$/

/** Throws an input error `wire.field` where a field breaks its limit. */
export function encodeHello(frame: HelloFrame): Uint8Array {
  return toBinary(FrameSchema, create(FrameSchema, { body: bodyOf(checked(frame, fieldsOf(frame.type, 'write'))) }))
}

/** Throws a remote error `wire.too-large`, `wire.malformed` or `wire.field`, and nothing else. */
export function decodeHello(bytes: Uint8Array): HelloFrame {
  const { body } = parse(FrameSchema, bytes, 'hello frame', limits.HELLO_FRAME_BYTES)
  switch (body.case) {
    case 'hello': {
      const { version, federation, model, layout, capabilities, name, addresses, started } = body.value
      if (version !== limits.PROTOCOL_VERSION) return strangerOf(version)
      const fields = fieldsOf('hello', 'read')
      fields.list('capabilities', capabilities, limits.CAPABILITIES)
      const record = Object.fromEntries(capabilities.map((capability) => [capability.name, capability.value]))
      const terms = { version, federation, model, layout, capabilities: record }
      return checked({ type: 'hello', ...terms, name, addresses, started: Number(started) }, fields)
    }
    case 'verdict': {
      const members = body.value.members.map(({ peer, addresses }) => ({ peer, addresses }))
      return checked({ type: 'verdict', differs: body.value.differs, members }, fieldsOf('verdict', 'read'))
    }
    case undefined:
      throw fieldsOf('hello frame', 'read').wrong('body', 'a hello or a verdict', 'none')
    default:
      return assertNever(body, 'hello frame')
  }
}

/** All that can be said of a peer that speaks another version: which one (SPEC.md, HELLO-3). */
function strangerOf(version: number): Hello {
  const terms = { version, federation: '', model: '', layout: '', capabilities: {} }
  return { type: 'hello', ...terms, name: '', addresses: [], started: 0 }
}

function bodyOf(frame: HelloFrame): Body {
  if (frame.type === 'verdict') {
    const members = frame.members.map(({ peer, addresses }) => ({ peer, addresses: [...addresses] }))
    return { case: 'verdict', value: { differs: frame.differs, members } }
  }
  const { version, federation, model, layout, name, addresses, started } = frame
  const capabilities = Object.entries(frame.capabilities).map(([name, value]) => ({ name, value }))
  const terms = { version, federation, model, layout, capabilities }
  return { case: 'hello', value: { ...terms, name, addresses: [...addresses], started: BigInt(started) } }
}

function checked<T extends HelloFrame>(frame: T, fields: Fields): T {
  if (frame.type === 'verdict') checkVerdict(frame, fields)
  else checkHello(frame, fields)
  return frame
}

function checkHello(hello: Hello, fields: Fields): void {
  fields.count('version', hello.version, 1)
  fields.text('federation', hello.federation, limits.FEDERATION_LENGTH)
  fields.text('model', hello.model, limits.FINGERPRINT_LENGTH)
  fields.text('layout', hello.layout, limits.FINGERPRINT_LENGTH)
  for (const [name, value] of fields.list('capabilities', Object.entries(hello.capabilities), limits.CAPABILITIES)) {
    fields.word('capability', name, limits.CAPABILITY_LENGTH)
    fields.text(`capability ${name}`, value, limits.CAPABILITY_LENGTH)
  }
  fields.text('name', hello.name, limits.NAME_LENGTH)
  checkAddresses(hello.addresses, limits.ADDRESSES, fields)
  fields.count('started', hello.started, 0, Number.MAX_SAFE_INTEGER)
}

function checkVerdict(verdict: Verdict, fields: Fields): void {
  fields.text('differs', verdict.differs, limits.DIFFERS_LENGTH, 0)
  for (const { peer, addresses } of fields.list('members', verdict.members, limits.MEMBERS)) {
    if (!peerId.test(peer)) throw fields.wrong('member', 'a peer id', JSON.stringify(peer.slice(0, 80)))
    checkAddresses(addresses, limits.MEMBER_ADDRESSES, fields)
    const foreign = addresses.find((address) => !address.endsWith(`/p2p/${peer}`))
    if (foreign !== undefined) throw fields.wrong('address', `of member ${peer}`, foreign)
  }
}

function checkAddresses(addresses: readonly string[], max: number, fields: Fields): void {
  for (const text of fields.list('addresses', addresses, max)) {
    if (isPeerAddress(text)) continue
    throw fields.wrong(
      'address',
      'a TCP multiaddr with a peer id',
      JSON.stringify(text.slice(0, limits.ADDRESS_LENGTH)),
    )
  }
}
