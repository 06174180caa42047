/** Our training beside PyTorch's with PEFT, on the same model: what each of the two processes is given. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TokenSample } from '../../src/training/token-sample.ts'
import { alternate, type Comparison, type Side } from './comparison.ts'
import type { TextBench } from './text-measure.ts'
import type { TrainBench } from './train-measure.ts'
import { wholeProcess } from './whole-process.ts'

export interface AgainstOptions {
  readonly python: string
  /** Folder of a Hugging Face checkpoint in float32, which PyTorch reads. */
  readonly folder: string
  /** `--model PATH --batch 4 …`: arguments of `bench:train` for our process. */
  readonly own: readonly string[]
  /** `--batch 4 …`: the same for the Python script. */
  readonly theirs: readonly string[]
  readonly alternations: number
  readonly note: (line: string) => void
}

export interface PytorchSide extends Side {
  readonly torch: string
}

/** Of `TextBench` what the Python script measures as well. */
export interface PytorchText extends PytorchSide, Pick<TextBench, 'computedPerToken' | 'loss'> {
  readonly warmUpSeconds: number
}

const pythonScript = (name: string) => join(import.meta.dirname, name)

/** One step of synthetic tokens, in float32. */
export function againstPytorchStep(options: AgainstOptions): Promise<Comparison<Side, PytorchSide>> {
  const { python, folder, own, theirs, alternations, note } = options
  return alternate({
    alternations,
    note,
    fedpit: async () => {
      const { train, peakMemoryMB } = await ours<TrainBench>([...own, '--step-only'])
      return { tokensPerSecond: train.tokensPerSecond, peakMemoryMB }
    },
    pytorch: () => wholeProcess<PytorchSide>(python, [pythonScript('pytorch-train.py'), folder, ...theirs]),
  })
}

/** Epochs of real text; `samples` are what our process makes of the file that its own arguments name. */
export async function againstPytorchText(
  samples: readonly TokenSample[],
  { python, folder, own, theirs, alternations, note }: AgainstOptions,
): Promise<Comparison<TextBench, PytorchText>> {
  const temporary = await mkdtemp(join(tmpdir(), 'fedpit-bench-'))
  const file = join(temporary, 'samples.json')
  try {
    await writeFile(file, JSON.stringify(samples))
    const args = [pythonScript('pytorch-text.py'), folder, '--samples', file, ...theirs]
    return await alternate({
      alternations,
      note,
      fedpit: () => ours<TextBench>(own),
      pytorch: () => wholeProcess<PytorchText>(python, args),
    })
  } finally {
    await rm(temporary, { recursive: true })
  }
}

function ours<T>(own: readonly string[]): Promise<T> {
  return wholeProcess<T>(process.execPath, [join(import.meta.dirname, '../bench-train.ts'), ...own, '--format', 'json'])
}
