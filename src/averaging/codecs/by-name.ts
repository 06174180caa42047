/** Every codec that a plan can name. */
import { bf16 } from './bf16.ts'
import type { Codec } from './codec.ts'
import { fixed } from './fixed.ts'
import { int8 } from './int8.ts'
import { topK } from './top-k.ts'

export const codecs = [fixed, bf16, int8, topK] as const

export const codecNames = ['fixed', 'bf16', 'int8', 'top-k'] as const
export type CodecName = (typeof codecNames)[number]

export function codecByName(name: CodecName): Codec {
  return codecs.find((codec) => codec.name === name) ?? fixed
}
