/** Writes a model as an ordinary Hugging Face directory. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toBfloat16 } from '../core/bfloat16.ts'
import { inputError } from '../core/errors.ts'
import type { ModelConfig } from '../model/config.ts'
import { formatHfConfig } from '../model/hf-config.ts'
import { writeSafetensorsHeader } from '../model/safetensors.ts'
import { expectedWeights } from '../model/weight-names.ts'
import type { TokenizerFiles } from '../tokenizer/tokenizer-files.ts'

type StoredType = 'f32' | 'bf16'

/** `folder` must not be there yet. It gets its name when it is whole: a kill in the middle leaves no half model. */
export async function writeModel(
  folder: string,
  config: ModelConfig,
  tokenizer: TokenizerFiles,
  weights: ReadonlyMap<string, Float32Array>,
  type: StoredType,
): Promise<void> {
  if (existsSync(folder)) {
    throw inputError('model.exists', `Cannot write a model to ${folder}: expected no such folder yet, got one`)
  }
  const tensors = safetensors(config, weights, type)
  const partial = `${resolve(folder)}.${randomUUID()}.partial`
  try {
    await mkdir(partial, { recursive: true })
    await writeFile(join(partial, 'model.safetensors'), tensors)
    for (const [name, json] of Object.entries(jsonFiles(config, tokenizer, type))) {
      await writeFile(join(partial, name), `${JSON.stringify(json, null, 2)}\n`)
    }
    await rename(partial, folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

const architectures = { llama: 'LlamaForCausalLM', qwen2: 'Qwen2ForCausalLM' } as const

function jsonFiles(config: ModelConfig, files: TokenizerFiles, type: StoredType) {
  const { tokenizer, config: tokenizerConfig, bos, ends, chatTemplate } = files
  return {
    'config.json': {
      architectures: [architectures[config.family]],
      ...formatHfConfig(config),
      hidden_act: 'silu',
      dtype: type === 'f32' ? 'float32' : 'bfloat16',
      bos_token_id: bos,
      eos_token_id: ends,
    },
    'generation_config.json': { bos_token_id: bos, eos_token_id: ends },
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': { ...tokenizerConfig, chat_template: chatTemplate },
  }
}

/** All weights of `config`, in the order of expectedWeights(). */
function safetensors(config: ModelConfig, weights: ReadonlyMap<string, Float32Array>, type: StoredType): Buffer {
  const expected = [...expectedWeights(config)]
  const data = expected.map(([name, shape]) => {
    const size = shape.reduce((a, b) => a * b)
    const values = weights.get(name)
    if (values?.length !== size) {
      throw inputError(
        'model.weight',
        `Cannot write a model: weight ${name}: expected ${size} values, got ${values?.length ?? 'none'}`,
        { name },
      )
    }
    const stored = type === 'f32' ? values : toBfloat16(values)
    return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
  })
  const dtype = type === 'f32' ? 'F32' : 'BF16'
  return Buffer.concat([writeSafetensorsHeader(expected.map(([name, shape]) => ({ name, dtype, shape }))), ...data])
}
