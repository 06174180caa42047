/** `AdapterUpdate` and `SessionResult` to bytes and back (SPEC.md). */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { assertNever } from '../../src/core/errors.ts'
import type { AdapterUpdate, SessionResult, SessionStage } from '../wire/announcements.ts'
import { digestBytes, digestText, type Fields, fieldsOf } from '../wire/fields.ts'
import { parse } from '../wire/parse.ts'
import { METRIC_NAME_LENGTH, METRICS, SESSION_LENGTH, SKETCH_NUMBERS, UPDATE_BYTES } from './constants.ts'
import { UpdateSchema } from './updates_pb.ts'

type Update = AdapterUpdate | SessionResult

const stages: readonly SessionStage[] = ['joined', 'brought', 'mixed', 'settled']

/** Throws an input error `wire.field` where a field breaks its limit. */
export function encodeUpdate(update: Update): Uint8Array {
  return toBinary(UpdateSchema, create(UpdateSchema, { body: bodyOf(checked(update, fieldsOf(update.type, 'write'))) }))
}

/** Throws a remote error `wire.too-large`, `wire.malformed` or `wire.field`, and nothing else. */
export function decodeUpdate(bytes: Uint8Array): Update {
  const { body } = parse(UpdateSchema, bytes, 'update', UPDATE_BYTES)
  switch (body.case) {
    case 'adapter': {
      const { round, digest, bytes: size, examples, metrics } = body.value
      const fields = fieldsOf('update', 'read')
      fields.list('metrics', metrics, METRICS)
      const record = Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
      if (Object.keys(record).length < metrics.length)
        throw fields.wrong('metrics', 'under different names', 'a repeat')
      return checked(
        { type: 'update', round, digest: digestText(digest), bytes: size, examples, metrics: record },
        fields,
      )
    }
    case 'session': {
      const { session, round, mixed, digest, bytes: size, sketch } = body.value
      const fields = fieldsOf('session', 'read')
      const stage = fields.choice('stage', body.value.stage, stages)
      const result = { session, round, stage, mixed, digest: digestText(digest), bytes: size, sketch }
      return checked({ type: 'session', ...result }, fields)
    }
    case undefined:
      throw fieldsOf('update', 'read').wrong('body', 'an adapter or a session', 'none')
    default:
      return assertNever(body, 'update')
  }
}

function bodyOf(update: Update): NonNullable<MessageInitShape<typeof UpdateSchema>['body']> {
  const digest = digestBytes(update.digest)
  if (update.type === 'session') {
    const { session, round, stage, mixed, bytes, sketch } = update
    return { case: 'session', value: { session, round, stage, mixed, digest, bytes, sketch: [...sketch] } }
  }
  const { round, bytes, examples } = update
  const metrics = Object.entries(update.metrics).map(([name, value]) => ({ name, value }))
  return { case: 'adapter', value: { round, digest, bytes, examples, metrics } }
}

function checked<T extends Update>(update: T, fields: Fields): T {
  fields.count('round', update.round)
  fields.digest('digest', update.digest)
  fields.count('bytes', update.bytes)
  if (update.type === 'session') {
    fields.text('session', update.session, SESSION_LENGTH)
    fields.count('mixed', update.mixed)
    for (const number of fields.list('sketch', update.sketch, SKETCH_NUMBERS)) fields.finite('sketch', number)
  } else {
    fields.count('examples', update.examples)
    for (const [name, value] of fields.list('metrics', Object.entries(update.metrics), METRICS)) {
      fields.word('metric name', name, METRIC_NAME_LENGTH)
      fields.finite(`metric ${name}`, value)
    }
  }
  return update
}
