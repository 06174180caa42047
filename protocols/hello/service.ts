/** The conversation by which two peers find out whether they fit (SPEC.md). Each function runs one side of a stream. */
import type { Stream } from '@libp2p/interface'
import { remoteError } from '../../src/core/errors.ts'
import { type Frames, framesOf } from '../wire/frames.ts'
import { decodeHello, encodeHello } from './codec.ts'
import { HELLO_FRAME_BYTES } from './constants.ts'
import type { Hello, HelloFrame, Member, Verdict } from './messages.ts'

/** What one side brings to the conversation. */
export interface Party {
  readonly hello: Hello
  /** What keeps the other side out, in words; empty: nothing. */
  judge(theirs: Hello): string
  /** Whom to tell an accepted peer of. */
  members(): readonly Member[]
  /** Both sides have accepted. On the answering side it is called before the other one learns of it. */
  accept(theirs: Hello, members: readonly Member[]): void
}

/** The side that opened the stream to `remote`. Resolves to what differs: empty once both have accepted. */
export async function greet(stream: Stream, remote: string, party: Party, signal: AbortSignal): Promise<string> {
  const frames = framesOf(stream, HELLO_FRAME_BYTES)
  await write(frames, party.hello, signal)
  const theirs = ownAddresses(await readHello(frames, signal), remote)
  const verdict = await readVerdict(frames, signal)
  const differs = party.judge(theirs)
  const members = differs === '' && verdict.differs === '' ? party.members() : []
  await write(frames, { type: 'verdict', differs, members }, signal)
  if (differs !== '' || verdict.differs !== '') {
    // The other side ends the stream once it has read why; closing the connection before that would lose the reason.
    await frames.read(signal).catch(() => undefined)
    return differs || toldBy(verdict)
  }
  const welcome = await readVerdict(frames, signal)
  if (welcome.differs === '') party.accept(theirs, welcome.members)
  return toldBy(welcome)
}

/** The side that was called by `remote`. Resolves to what differs: empty once both have accepted. */
export async function answer(stream: Stream, remote: string, party: Party, signal: AbortSignal): Promise<string> {
  const frames = framesOf(stream, HELLO_FRAME_BYTES)
  const theirs = ownAddresses(await readHello(frames, signal), remote)
  const differs = party.judge(theirs)
  await write(frames, party.hello, signal)
  await write(frames, { type: 'verdict', differs, members: [] }, signal)
  const verdict = await readVerdict(frames, signal)
  if (differs !== '' || verdict.differs !== '') return differs || toldBy(verdict)
  party.accept(theirs, verdict.members)
  await write(frames, { type: 'verdict', differs: '', members: party.members() }, signal)
  return ''
}

const toldBy = ({ differs }: Verdict): string => (differs === '' ? '' : `the other side says: ${differs}`)

const write = (frames: Frames, frame: HelloFrame, signal: AbortSignal) => frames.write(encodeHello(frame), signal)

async function readHello(frames: Frames, signal: AbortSignal): Promise<Hello> {
  const frame = await readFrame(frames, signal)
  if (frame.type === 'hello') return frame
  throw remoteError('hello.order', 'Cannot read hello: expected a hello frame, got a verdict')
}

async function readVerdict(frames: Frames, signal: AbortSignal): Promise<Verdict> {
  const frame = await readFrame(frames, signal)
  if (frame.type === 'verdict') return frame
  throw remoteError('hello.order', 'Cannot read hello: expected a verdict frame, got a hello')
}

async function readFrame(frames: Frames, signal: AbortSignal): Promise<HelloFrame> {
  const bytes = await frames.read(signal)
  if (bytes === undefined) throw remoteError('hello.ended', 'Cannot read hello: expected a frame, got the end')
  return decodeHello(bytes)
}

/** A peer speaks for its own addresses only. */
function ownAddresses(hello: Hello, remote: string): Hello {
  const foreign = hello.addresses.find((address) => !address.endsWith(`/p2p/${remote}`))
  if (foreign === undefined) return hello
  throw remoteError('hello.address', `Cannot read hello of ${remote}: expected its own addresses, got ${foreign}`)
}
