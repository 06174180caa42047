/** Requests and replies of the blobs protocol to bytes and back (SPEC.md). */
import { create, toBinary } from '@bufbuild/protobuf'
import { assertNever } from '../../src/core/errors.ts'
import { digestBytes, digestText, fieldsOf } from '../wire/fields.ts'
import { parse } from '../wire/parse.ts'
import { ReplySchema, RequestSchema } from './blobs_pb.ts'
import { CHUNK_BYTES, REPLY_BYTES, REQUEST_BYTES } from './constants.ts'
import type { BlobReply, BlobRequest } from './messages.ts'

/** Throws an input error `wire.field` where a field breaks its limit. */
export function encodeBlobRequest(request: BlobRequest): Uint8Array {
  const fields = fieldsOf(request.type, 'write')
  return toBinary(
    RequestSchema,
    create(RequestSchema, {
      body:
        request.type === 'want'
          ? { case: 'want', value: { digest: digestBytes(fields.digest('digest', request.digest)) } }
          : { case: 'get', value: { index: fields.count('index', request.index) } },
    }),
  )
}

/** Throws a remote error `wire.too-large`, `wire.malformed` or `wire.field`, and nothing else. */
export function decodeBlobRequest(bytes: Uint8Array): BlobRequest {
  const { body } = parse(RequestSchema, bytes, 'blob request', REQUEST_BYTES)
  const fields = fieldsOf('blob request', 'read')
  switch (body.case) {
    case 'want':
      return { type: 'want', digest: fields.digest('digest', digestText(body.value.digest)) }
    case 'get':
      return { type: 'get', index: body.value.index }
    case undefined:
      throw fields.wrong('body', 'want or get', 'none')
    default:
      return assertNever(body, 'blob request')
  }
}

/** Throws an input error `wire.field` where a field breaks its limit. */
export function encodeBlobReply(reply: BlobReply): Uint8Array {
  const fields = fieldsOf(reply.type, 'write')
  switch (reply.type) {
    case 'have':
      return toBinary(
        ReplySchema,
        create(ReplySchema, { body: { case: 'have', value: { bytes: fields.count('bytes', reply.bytes) } } }),
      )
    case 'missing':
      return toBinary(ReplySchema, create(ReplySchema, { body: { case: 'missing', value: {} } }))
    case 'chunk': {
      fields.count('chunk bytes', reply.data.byteLength, 0, CHUNK_BYTES)
      const value = { index: fields.count('index', reply.index), data: reply.data }
      return toBinary(ReplySchema, create(ReplySchema, { body: { case: 'chunk', value } }))
    }
    default:
      return assertNever(reply, 'blob reply')
  }
}

/** Throws a remote error `wire.too-large`, `wire.malformed` or `wire.field`, and nothing else. */
export function decodeBlobReply(bytes: Uint8Array): BlobReply {
  const { body } = parse(ReplySchema, bytes, 'blob reply', REPLY_BYTES)
  const fields = fieldsOf('blob reply', 'read')
  switch (body.case) {
    case 'have':
      return { type: 'have', bytes: body.value.bytes }
    case 'missing':
      return { type: 'missing' }
    case 'chunk': {
      const { index, data } = body.value
      fields.count('chunk bytes', data.byteLength, 0, CHUNK_BYTES)
      return { type: 'chunk', index, data }
    }
    case undefined:
      throw fields.wrong('body', 'have, missing or chunk', 'none')
    default:
      return assertNever(body, 'blob reply')
  }
}
