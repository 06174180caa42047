/**
 * A file of private examples: JSON Lines, or JSON with one array. A bad record is reported with file and line and left
 * out; nothing is guessed.
 */
import { inputError } from '../core/errors.ts'
import { readWholeText } from '../files/read-whole.ts'
import type { Example } from './example.ts'
import { recognise } from './recognise.ts'

export interface Reading {
  readonly examples: readonly Example[]
  /** One for each record that was left out: "clinic.jsonl:7: expected a response, got an empty one". */
  readonly problems: readonly string[]
}

/** Few-shot data: some thousands of examples are far below it. */
const dataFile = { area: 'data', expected: 'a JSON or JSONL file', maxBytes: 256 << 20 }

export async function readExamples(path: string): Promise<Reading> {
  return parseExamples(await readWholeText(path, dataFile), path)
}

/** `path` is for the messages. Throws `data.empty` where no usable example is left. */
export function parseExamples(text: string, path: string): Reading {
  const examples = new Map<string, Example>()
  const problems: string[] = []
  for (const { record, line } of records(text.replace(/^\uFEFF/, ''), path)) {
    const result = record instanceof SyntaxError ? `expected JSON, got ${record.message}` : recognise(record)
    if (typeof result === 'string') {
      problems.push(`${path}:${line}: ${result}`)
      continue
    }
    const key = JSON.stringify([result.instruction, result.input, result.response])
    if (examples.has(key)) problems.push(`${path}:${line}: expected a new example, got one that is there already`)
    else examples.set(key, result)
  }
  if (examples.size === 0) {
    const first = problems[0] === undefined ? '' : `; ${problems[0]}`
    throw inputError('data.empty', `Cannot use ${path}: expected at least one example, got none${first}`, { path })
  }
  return { examples: [...examples.values()], problems }
}

interface NumberedRecord {
  readonly record: unknown
  readonly line: number
}

function records(text: string, path: string): NumberedRecord[] {
  if (text.trimStart().startsWith('[')) return arrayRecords(text, path)
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, source: line.trim() }))
    .filter(({ source }) => source !== '')
    .map(({ line, source }) => ({ line, record: parse(source) }))
}

/** In an array the number is the record's position, from 1. */
function arrayRecords(text: string, path: string): NumberedRecord[] {
  const array = parse(text)
  if (!Array.isArray(array)) {
    const reason = array instanceof SyntaxError ? array.message : typeof array
    throw inputError('data.not-json', `Cannot read ${path}: expected a JSON array, got ${reason}`, { path })
  }
  return array.map((record: unknown, i) => ({ record, line: i + 1 }))
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    return error
  }
}
