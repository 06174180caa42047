/** The tokenizer of a model on disk: a Hugging Face directory or a GGUF file. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FedpitError, inputError } from '../core/errors.ts'
import { readWholeText } from '../files/read-whole.ts'
import { readGguf } from '../model/gguf/read.ts'
import { readJson } from '../model/hf-directory.ts'
import { tokenText } from './chat-template.ts'
import { tokenizerFromGguf } from './from-gguf.ts'
import { createTokenizer, type Tokenizer } from './tokenizer.ts'
import type { TokenizerFiles } from './tokenizer-files.ts'

export async function openTokenizer(path: string): Promise<Tokenizer> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      'tokenizer.absent',
      `Cannot open the tokenizer of ${path}: expected a model directory or a GGUF file, got ${error.code}`,
      { path },
    )
  })
  const files = found.isDirectory() ? await readTokenizerFiles(path) : tokenizerFromGguf(await readGguf(path))
  try {
    return createTokenizer(files)
  } catch (error) {
    if (error instanceof FedpitError) throw error
    // The libraries check little of what they are given, and say so in errors of many kinds.
    throw inputError(
      'tokenizer.broken',
      `Cannot use the tokenizer of ${path}: expected what tokenizers can read, got ${error instanceof Error ? error.message : error}`,
      { path },
    )
  }
}

type Json = Readonly<Record<string, unknown>>

const jsonObject = z.record(z.string(), z.unknown())
/** By token (BPE) or as a list (Unigram). Not copied: it is long, and `__proto__` may be a token. */
const vocab = z.custom<Json | readonly unknown[]>(
  (value) => typeof value === 'object' && value !== null,
  'expected an object or a list',
)
const id = z.int().min(0).max(10_000_000)

/** As far as this program itself looks into the files; the rest is for the library. */
const tokenizerSchema = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id, content: z.string().min(1), special: z.boolean().default(false) }))
    .default([]),
  model: z.looseObject({ vocab }),
})
const generationSchema = z.looseObject({ eos_token_id: z.union([id, z.array(id)]).nullish() })

/** Of a Hugging Face directory. */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const tokenizer = await parsed(join(folder, 'tokenizer.json'), tokenizerSchema)
  const config = (await optional(join(folder, 'tokenizer_config.json'), jsonObject)) ?? {}
  const generation = await optional(join(folder, 'generation_config.json'), generationSchema)
  const idOf = (text: string): number | undefined =>
    tokenizer.added_tokens.find(({ content }) => content === text)?.id ?? vocabularyId(tokenizer.model.vocab, text)
  const eos = idOf(tokenText(config['eos_token']))
  const listed = [generation?.eos_token_id ?? []].flat()
  return {
    tokenizer,
    config,
    bos: idOf(tokenText(config['bos_token'])),
    ends: [...new Set([...(eos === undefined ? [] : [eos]), ...listed])],
    chatTemplate: await chatTemplate(folder, config),
  }
}

function vocabularyId(vocabulary: Json | readonly unknown[], text: string): number | undefined {
  const found = Array.isArray(vocabulary) || !Object.hasOwn(vocabulary, text) ? undefined : (vocabulary as Json)[text]
  return typeof found === 'number' ? found : undefined
}

const templateFile = { area: 'template', expected: 'a chat template', maxBytes: 1 << 20 }

/** In a file of its own, or in tokenizer_config.json as text or as a list of named ones. */
async function chatTemplate(folder: string, config: Json): Promise<string | undefined> {
  const file = join(folder, 'chat_template.jinja')
  if (await isThere(file)) return readWholeText(file, templateFile)
  const value = config['chat_template']
  if (!Array.isArray(value)) return typeof value === 'string' ? value : undefined
  const named: unknown = value.find((entry: { name?: unknown } | null) => entry?.name === 'default')
  const template = (named as { template?: unknown } | undefined)?.template
  return typeof template === 'string' ? template : undefined
}

async function optional<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  return (await isThere(path)) ? parsed(path, schema) : undefined
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function parsed<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(await readJson(path))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw inputError(
    'tokenizer.broken',
    `Cannot use ${path}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'expected another form'}`,
    { path },
  )
}
