/** The tokenizer of a model on disk: a Hugging Face directory or a GGUF file. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inputError } from '../core/errors.ts'
import { readGguf } from '../model/gguf/read.ts'
import { readJson } from '../model/hf-directory.ts'
import { tokenText } from './chat-template.ts'
import { tokenizerFromGguf } from './from-gguf.ts'
import { createTokenizer, type Tokenizer, type TokenizerFiles, type TokenizerJson } from './tokenizer.ts'

export async function openTokenizer(path: string): Promise<Tokenizer> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      'tokenizer.absent',
      `Cannot open the tokenizer of ${path}: expected a model directory or a GGUF file, got ${error.code}`,
      { path },
    )
  })
  return createTokenizer(found.isDirectory() ? await filesOf(path) : tokenizerFromGguf(await readGguf(path)))
}

type Json = Readonly<Record<string, unknown>>

async function filesOf(folder: string): Promise<TokenizerFiles> {
  const tokenizer = (await readJson(join(folder, 'tokenizer.json'))) as TokenizerJson
  const config = (await optionalJson(join(folder, 'tokenizer_config.json'))) ?? {}
  const generation = (await optionalJson(join(folder, 'generation_config.json'))) ?? {}
  const idOf = (text: string): number | undefined => {
    const token = tokenizer.added_tokens?.find(({ content }) => content === text) as { id?: number } | undefined
    return text === '' ? undefined : token?.id
  }
  const listed = [generation['eos_token_id']].flat().filter((id): id is number => Number.isInteger(id))
  const eos = idOf(tokenText(config['eos_token']))
  return {
    tokenizer,
    config,
    bos: idOf(tokenText(config['bos_token'])),
    ends: [...new Set([...(eos === undefined ? [] : [eos]), ...listed])],
    chatTemplate: await chatTemplate(folder, config),
  }
}

/** In a file of its own, or in tokenizer_config.json as text or as a list of named ones. */
async function chatTemplate(folder: string, config: Json): Promise<string | undefined> {
  const file = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => undefined)
  if (file !== undefined) return file
  const value = config['chat_template']
  if (!Array.isArray(value)) return typeof value === 'string' ? value : undefined
  const named: unknown = value.find((entry: { name?: unknown } | null) => entry?.name === 'default')
  const template = (named as { template?: unknown } | undefined)?.template
  return typeof template === 'string' ? template : undefined
}

async function optionalJson(path: string): Promise<Json | undefined> {
  const there = await stat(path).then(
    () => true,
    () => false,
  )
  return there ? ((await readJson(path)) as Json) : undefined
}
