/** Options that several commands share, each with one meaning everywhere. */
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Device, ModelReference } from '../engine/contract.ts'
import { maxThreads } from '../lab/plan-schema.ts'
import { findModel, type Home } from './home.ts'

export interface ModelOptions {
  readonly model: string
  readonly device: Device
  readonly decode: 'f32' | 'int8'
  readonly threads: number
}

/** What every command that computes takes. */
export function addModelOptions(command: Command): Command {
  return addModelOption(command)
    .addOption(
      new Option('--device <device>', 'where to compute')
        .choices(['auto', 'cpu', 'cuda', 'webgpu', 'coreml', 'dml'])
        .default('auto'),
    )
    .addOption(
      new Option('--decode <type>', 'weights for decoding: int8 is faster, f32 exact')
        .choices(['f32', 'int8'])
        .default('f32'),
    )
    .option('--threads <n>', 'processor threads', countUpTo(maxThreads), availableParallelism())
}

export function addModelOption(command: Command): Command {
  return command.option(
    '--model <name>',
    'model directory, GGUF file, nano (built in) or the name of a model that was pulled',
    defaultModel,
  )
}

const defaultModel = 'smollm2-135m-instruct'

export function modelReference(options: ModelOptions, home: Home): ModelReference {
  const { model, device, decode, threads } = options
  return { name: basename(model), path: findModel(model, home), device, decode, threads }
}

/** For commander: an integer from 1. */
export function parseCount(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected an integer from 1.')
  return value
}

/** For commander: an integer from 1 to `max`. */
export const countUpTo =
  (max: number) =>
  (text: string): number => {
    const value = parseCount(text)
    if (value > max) throw new InvalidArgumentError(`Expected an integer from 1 to ${max}.`)
    return value
  }

/** For commander: a number from 0. */
export function parseAmount(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('Expected a number from 0.')
  }
  return value
}
