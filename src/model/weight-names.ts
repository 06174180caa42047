/** Which weights a model needs, by Hugging Face name, with their shapes. */
import type { ModelConfig } from './config.ts'

export function expectedWeights(config: ModelConfig): Map<string, readonly number[]> {
  const { hiddenSize, intermediateSize, vocabSize } = config
  const q = config.heads * config.headDim
  const kv = config.kvHeads * config.headDim
  const out = new Map<string, readonly number[]>([['model.embed_tokens.weight', [vocabSize, hiddenSize]]])
  for (let layer = 0; layer < config.layers; layer++) {
    const at = (name: string) => `model.layers.${layer}.${name}`
    out.set(at('input_layernorm.weight'), [hiddenSize])
    out.set(at('self_attn.q_proj.weight'), [q, hiddenSize])
    out.set(at('self_attn.k_proj.weight'), [kv, hiddenSize])
    out.set(at('self_attn.v_proj.weight'), [kv, hiddenSize])
    if (config.qkvBias) {
      out.set(at('self_attn.q_proj.bias'), [q])
      out.set(at('self_attn.k_proj.bias'), [kv])
      out.set(at('self_attn.v_proj.bias'), [kv])
    }
    out.set(at('self_attn.o_proj.weight'), [hiddenSize, q])
    out.set(at('post_attention_layernorm.weight'), [hiddenSize])
    out.set(at('mlp.gate_proj.weight'), [intermediateSize, hiddenSize])
    out.set(at('mlp.up_proj.weight'), [intermediateSize, hiddenSize])
    out.set(at('mlp.down_proj.weight'), [hiddenSize, intermediateSize])
  }
  out.set('model.norm.weight', [hiddenSize])
  if (!config.tiedHead) out.set('lm_head.weight', [vocabSize, hiddenSize])
  return out
}
