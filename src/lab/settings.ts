/** Single settings of `fedpit.yaml` as words of a command line: `lora.rank=4`, `lora.targets=[q,k]`. */
import { isAbsolute } from 'node:path'
import { parse, parseDocument } from 'yaml'
import { z } from 'zod'
import { inputError } from '../core/errors.ts'
import { type PeerFile, peerFileSchema } from './peer-file.ts'
import { planFields } from './plan-schema.ts'
import { parseYaml } from './read-yaml.ts'

export interface Setting {
  readonly path: readonly string[]
  readonly value: unknown
}

/** The value is YAML. Whether the file may say that is for its schema to judge. */
export function parseSetting(text: string): Setting {
  const [, key = '', yaml = ''] = /^(\w+(?:\.\w+)*)=(.+)$/s.exec(text) ?? []
  if (key === '') {
    throw inputError('config.setting', `Cannot read setting: expected KEY=VALUE such as lora.rank=4, got ${text}`)
  }
  return { path: key.split('.'), value: parseYaml(yaml, `setting ${key}`, z.unknown()) }
}

export const tellSetting = ({ path, value }: Setting): string => `${path.join('.')}=${yamlOf(value)}`

/** The text of a file with other settings; its comments stay. A text that is no YAML is left as it is. */
export function withSettings(text: string, settings: readonly Setting[]): string {
  const document = parseDocument(text)
  if (settings.length === 0 || document.errors.length > 0) return text
  for (const { path, value } of settings) {
    try {
      document.setIn(path, typeof value === 'object' ? document.createNode(value, { flow: true }) : value)
    } catch (error) {
      const got = error instanceof Error ? error.message : error
      throw inputError('config.setting', `Cannot set ${path.join('.')}: expected a file with keys there, got: ${got}`)
    }
  }
  return document.toString({ lineWidth: 0 })
}

/** What peers of one federation must have in common, or better have: the plan, whom they wait for and who may come, the model. */
const common = ['peers', 'allow', 'model', ...Object.keys(planFields)] as const
const bare = peerFileSchema.parse({ name: 'peer', data: 'data' })

/**
 * What another peer has to be told to have the same federation settings: all that nobody would assume. What lies in a
 * file here lies elsewhere there, and is a word in capitals; the pre-shared key itself is in no setting.
 */
export function settingsToTell(file: PeerFile): Setting[] {
  const settings = common.flatMap((key) => changes(get(file, key), get(bare, key), [key]))
  const told = settings.map(({ path, value }) => {
    const elsewhere = typeof value === 'string' && isAbsolute(value) && ['model', 'topology'].includes(path.join('.'))
    return { path, value: elsewhere ? path.join('.').toUpperCase() : value }
  })
  return file.preSharedKey === undefined ? told : [...told, { path: ['preSharedKey'], value: 'KEY' }]
}

function changes(value: unknown, base: unknown, path: readonly string[]): Setting[] {
  if (isRecord(value) && isRecord(base)) {
    return Object.keys(value).flatMap((key) => changes(value[key], base[key], [...path, key]))
  }
  return JSON.stringify(value) === JSON.stringify(base) ? [] : [{ path, value }]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const get = (file: object, key: string): unknown => Reflect.get(file, key)

/** Without spaces where it can be, so that a line stays short. */
function yamlOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(',')}]`
  const isWord = typeof value === 'string' && /^[\w./-]+$/.test(value) && parse(value) === value
  return isWord ? value : JSON.stringify(value)
}
