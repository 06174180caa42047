/** A YAML file that people write -> a checked value, or an error that says where it is wrong. */
import { resolve } from 'node:path'
import { type Document, parseDocument } from 'yaml'
import type { z } from 'zod'
import { inputError } from '../core/errors.ts'
import { readWholeText } from '../files/read-whole.ts'

/** Far more than any configuration needs. */
const yamlFile = { area: 'config', expected: 'a YAML file', maxBytes: 1 << 20 }

/** Throws `input` errors that name the file, the key, what was expected and what stands there. */
export async function readYaml<T>(file: string, schema: z.ZodType<T>, edit = (text: string) => text): Promise<T> {
  return parseYaml(edit(await readWholeText(file, yamlFile)), file, schema)
}

/** What begins with a dot or a slash is a path; everything else is a name. */
export const isPath = (value: string): boolean => /^[./]/.test(value)

/** Paths are relative to the file's own folder. */
export function pathOrName(value: string, folder: string): string {
  return isPath(value) ? resolve(folder, value) : value
}

export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const document = parseDocument(text, { prettyErrors: true })
  const [broken] = document.errors
  if (broken !== undefined) {
    throw inputError('config.yaml', `Cannot read ${file}: expected YAML, got ${firstLine(broken.message)}`, { file })
  }
  const value = plainValue(document, file)
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => problemOf(issue, value))
  throw inputError('config.value', `Cannot use ${file}: ${problems.join('; ')}`, { file })
}

/** Aliases are expanded a few times at most: a file cannot blow itself up. */
function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 16 })
  } catch (error) {
    throw inputError('config.yaml', `Cannot read ${file}: expected few aliases, got ${String(error)}`, { file })
  }
}

function problemOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const path = issue.path.length === 0 ? 'the file' : pathOf(issue.path)
    const keys = issue.keys.map((key) => `"${key}"`).join(', ')
    return `${path}: expected only keys that mean something, got ${keys}`
  }
  const expected = issue.message.replace(/^[A-Z][a-z ]*: (?=expected )/, '').replace(/^expected /, '')
  return `${pathOf(issue.path)}: expected ${expected.replace(/, received .*$/, '')}, got ${describe(at(value, issue.path))}`
}

function pathOf(path: readonly PropertyKey[]): string {
  return (
    path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('') ||
    'the file'
  )
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
