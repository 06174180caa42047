/** adapter_config.json of PEFT: what it says of a LoRA, and a refusal of every variant that is computed differently. */
import { z } from 'zod'
import { inputError } from '../core/errors.ts'
import { type Linear, type LoraConfig, linears } from './adapter.ts'
import { peftModule } from './peft-names.ts'

/** Absent or switched off; anything else changes what the adapter computes. */
const off = z.union([z.literal(false), z.null()]).optional()
const empty = z.union([z.null(), z.record(z.string(), z.unknown()).refine((map) => Object.keys(map).length === 0)])

const schema = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().min(1).max(4096),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.array(z.string()).min(1), z.literal('all-linear')]),
  use_rslora: z.boolean().default(false),
  bias: z.literal('none').default('none'),
  use_dora: off,
  use_qalora: off,
  use_bdlora: off,
  lora_bias: off,
  fan_in_fan_out: off,
  rank_pattern: empty.optional(),
  alpha_pattern: empty.optional(),
  modules_to_save: z.null().optional(),
  layers_to_transform: z.null().optional(),
  layer_replication: z.null().optional(),
  target_parameters: z.null().optional(),
  trainable_token_indices: z.null().optional(),
})

export function parsePeftConfig(text: string, path: string): LoraConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw broken(path, `expected JSON, got ${cause instanceof Error ? cause.message : cause}`)
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const at = issue?.path.join('.') ?? ''
    const actual = JSON.stringify((json as Record<string, unknown> | null)?.[at])
    throw broken(path, `${at}: ${issue?.message}, got ${actual}`)
  }
  const { r, lora_alpha, use_rslora, target_modules } = parsed.data
  const targets =
    target_modules === 'all-linear' ? [...linears] : target_modules.map((module) => linearOf(module, path))
  return {
    rank: r,
    alpha: lora_alpha,
    rslora: use_rslora,
    targets: linears.filter((linear) => targets.includes(linear)),
  }
}

export function formatPeftConfig(config: LoraConfig, baseModel: string): string {
  const json = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseModel,
    r: config.rank,
    lora_alpha: config.alpha,
    lora_dropout: 0,
    target_modules: linears.filter((linear) => config.targets.includes(linear)).map(peftModule),
    use_rslora: config.rslora,
    use_dora: false,
    bias: 'none',
    fan_in_fan_out: false,
    modules_to_save: null,
    init_lora_weights: true,
    inference_mode: true,
  }
  return `${JSON.stringify(json, undefined, 2)}\n`
}

/** `q_proj` and `self_attn.q_proj` both mean q. */
function linearOf(module: string, path: string): Linear {
  const found = linears.find((linear) => module.split('.').at(-1) === peftModule(linear))
  if (found !== undefined) return found
  throw broken(path, `target_modules: expected some of ${linears.map(peftModule).join(', ')}, got ${module}`)
}

function broken(path: string, what: string) {
  return inputError('peft.config', `Cannot read ${path}: ${what}`, { path })
}
