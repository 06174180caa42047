/** What a command has -> what pulling a model takes. */
import type { CommandContext } from '../context.ts'

export function pullContext({ signal, output }: CommandContext) {
  return {
    signal,
    onProgress: (activity: string, detail?: string) => output.progress.update(activity, detail),
    note: (line: string) => output.note(line),
  }
}
