/**
 * The method's numbers, with where they come from. J is the journal version of the paper (PPFedIT, ACM TIST 17(5),
 * 2026); SI is Self-Instruct (arXiv 2212.10560). What neither states is ours and measured (docs/log.md).
 */
import { z } from 'zod'
import { promptTexts } from './prompts.ts'

const epochs = z.int().min(1).max(1000)
const learningRate = z.number().positive().max(1)

export const fedPitSchema = z
  .strictObject({
    /** J 4.1: 32 candidates, 16 kept. */
    candidates: z.int().min(1).max(10_000).default(32),
    keep: z.int().min(1).max(10_000).default(16),
    /**
     * J: what writes is base + G. `base` is the untuned model: G is taught answers without demonstrations, and a small model
     * that has learnt a fault from what it wrote may write it again, whatever the demonstrations.
     */
    generator: z.enum(['global', 'base']).default('global'),
    /** J 3.3. Fewer where a peer holds fewer examples. */
    demonstrations: z.int().min(1).max(32).default(8),
    /**
     * J: at random. `alike` takes one at random and those most like it, the same for both phases of a wave; it is for peers
     * with tasks of several sorts.
     */
    demonstrationChoice: z.enum(['random', 'alike']).default('random'),
    /** Of a prompt together: 'as many as fit', so that long examples leave room for an answer. */
    demonstrationTokens: z.int().min(16).max(1_000_000).default(1024),
    /** J 3.3: tries at a response before its instruction is dropped. */
    attempts: z.int().min(1).max(20).default(3),
    /** J 3.3, SI: ROUGE-L F above this is a copy. */
    mostSimilar: z.number().min(0).max(1).default(0.7),
    /** Instructions tried for each candidate that is wanted. */
    triesPerCandidate: z.int().min(1).max(100).default(4),
    instructionTokens: z.int().min(4).max(1024).default(64),
    responseTokens: z.int().min(1).max(4096).default(128),
    /** J decodes greedily and draws new demonstrations each time; a batch shares them, so instructions are sampled. */
    temperature: z.number().min(0).max(5).default(0.8),
    topP: z.number().gt(0).max(1).default(0.95),
    /** J 3.4: by instruction-following score; `none` keeps the first ones. */
    selection: z.enum(['ifs', 'none']).default('ifs'),
    prompts: z
      .strictObject({
        instructions: z.string().max(4000).default(promptTexts.instructions),
        responses: z.string().max(4000).default(promptTexts.responses),
      })
      .prefault({}),
    training: z
      .strictObject({
        /** J 4.1: one local epoch a round; with some twenty examples a round that is two or three steps. */
        epochs: epochs.default(3),
        /** J app. A: 8. */
        batchSize: z.int().min(1).max(1024).default(8),
        accumulate: z.int().min(1).max(1024).default(1),
        maxTokens: z.int().min(8).max(1_000_000).default(512),
        /** J app. A sweeps 3e-4 and 2e-3. */
        learningRate: learningRate.default(2e-3),
        warmupSteps: z.int().min(0).max(1_000_000).default(0),
        /** Constant inside a round (OpenFedLLM). */
        schedule: z.enum(['constant', 'cosine']).default('constant'),
        weightDecay: z.number().min(0).max(1).default(0),
        clipNorm: z.number().positive().default(1),
        /** OpenFedLLM: 0.05; the default keeps few-shot runs simple. */
        dropout: z.number().min(0).lt(1).default(0),
      })
      .prefault({}),
    /** What is otherwise for the local adapter: it begins at the global one, and slower steps keep more of that. */
    localTraining: z.strictObject({ epochs: epochs.optional(), learningRate: learningRate.optional() }).prefault({}),
  })
  .refine(({ keep, candidates }) => keep <= candidates, {
    error: 'expected keep to be at most candidates',
    path: ['keep'],
  })

export type FedPitSettings = z.infer<typeof fedPitSchema>
