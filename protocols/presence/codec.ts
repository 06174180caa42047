/** `Presence` to bytes and back (SPEC.md). */
import { create, toBinary } from '@bufbuild/protobuf'
import type { Presence } from '../wire/announcements.ts'
import { digestBytes, digestText, type Fields, fieldsOf } from '../wire/fields.ts'
import { parse } from '../wire/parse.ts'
import { EDITION_LENGTH, NAME_LENGTH, PHASE_LENGTH, PRESENCE_BYTES } from './constants.ts'
import { PresenceSchema } from './presence_pb.ts'

/** Throws an input error `wire.field` where a field breaks its limit. */
export function encodePresence(presence: Presence): Uint8Array {
  const { name, round, phase, digest, examples, ready, edition = '' } = checked(presence, fieldsOf('presence', 'write'))
  return toBinary(
    PresenceSchema,
    create(PresenceSchema, { name, round, phase, digest: digestBytes(digest), examples, ready, edition }),
  )
}

/** Throws a remote error `wire.too-large`, `wire.malformed` or `wire.field`, and nothing else. */
export function decodePresence(bytes: Uint8Array): Presence {
  const { edition, ...message } = parse(PresenceSchema, bytes, 'presence', PRESENCE_BYTES)
  const { name, round, phase, digest, examples, ready } = message
  const presence = { type: 'presence', name, round, phase, digest: digestText(digest), examples, ready } as const
  return checked(edition === '' ? presence : { ...presence, edition }, fieldsOf('presence', 'read'))
}

function checked(presence: Presence, fields: Fields): Presence {
  fields.text('name', presence.name, NAME_LENGTH)
  fields.count('round', presence.round)
  fields.word('phase', presence.phase, PHASE_LENGTH)
  fields.digest('digest', presence.digest)
  fields.count('examples', presence.examples)
  if (presence.edition !== undefined) fields.word('edition', presence.edition, EDITION_LENGTH)
  return presence
}
