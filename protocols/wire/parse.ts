/** Bytes of another peer to a protobuf message: the size is judged before anything is read. */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import { remoteError } from '../../src/core/errors.ts'

/**
 * Decodes `bytes` as `schema`. `what` names the message in errors, `limit` is its largest size in bytes.
 * Throws a remote error `wire.too-large` or `wire.malformed`, and nothing else.
 */
export function parse<D extends DescMessage>(
  schema: D,
  bytes: Uint8Array,
  what: string,
  limit: number,
): MessageShape<D> {
  if (bytes.byteLength > limit) {
    throw remoteError(
      'wire.too-large',
      `Cannot read ${what}: expected at most ${limit} bytes, got ${bytes.byteLength}`,
      {
        limit,
        bytes: bytes.byteLength,
      },
    )
  }
  try {
    return fromBinary(schema, bytes, { readUnknownFields: false })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw remoteError('wire.malformed', `Cannot read ${what}: expected ${schema.typeName}, got bytes with ${reason}`)
  }
}
