/** What `experiment:prompts` compares: the method as it ships, and one change at a time. */
import type { z } from 'zod'
import type { fedPitSchema } from '../../src/fedpit/hyper-parameters.ts'

type Change = z.input<typeof fedPitSchema>

export const promptVariants: Readonly<Record<string, Change>> = {
  shipped: {},
  'no header': { prompts: { instructions: '', responses: '' } },
  'other header': {
    prompts: {
      instructions: 'A colleague wrote these tasks for a new assistant. No two of them are alike.',
      responses: 'A colleague wrote these tasks and answered them, always in the same form.',
    },
  },
  'temperature 0.5': { temperature: 0.5 },
  'temperature 1.1': { temperature: 1.1 },
  '4 demonstrations': { demonstrations: 4 },
}
