/**
 * One error type for everything a caller may want to tell apart: a code, what happened in words, and the figures.
 * A message names the action, the expected and the actual value. Callers match on `code`, never on text.
 *
 * Families: `remote` (another peer's fault; only this may cost it its reputation), `input` (what the user gave),
 * `local` (this machine: disk, memory, a missing library), `bug` (ours).
 */
export type ErrorFamily = 'remote' | 'input' | 'local' | 'bug'

export interface ErrorDetail {
  readonly family: ErrorFamily
  /** Dotted, stable, lower case: `gguf.truncated`, `hello.model-differs`. */
  readonly code: string
  readonly [key: string]: unknown
}

export class FedpitError extends Error {
  override readonly name = 'FedpitError'
  readonly detail: ErrorDetail

  constructor(message: string, detail: ErrorDetail, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.detail = detail
  }

  get code(): string {
    return this.detail.code
  }

  get family(): ErrorFamily {
    return this.detail.family
  }

  /** A plain object that survives a process boundary; `fromObject` brings it back. */
  toObject(): { message: string; detail: ErrorDetail } {
    return { message: this.message, detail: this.detail }
  }

  static fromObject(object: { message: string; detail: ErrorDetail }): FedpitError {
    return new FedpitError(object.message, object.detail)
  }
}

/** The user gave something that cannot be used. */
export function inputError(code: string, message: string, detail: Record<string, unknown> = {}): FedpitError {
  return new FedpitError(message, { ...detail, family: 'input', code })
}

/** Another peer sent something that it must not send. */
export function remoteError(code: string, message: string, detail: Record<string, unknown> = {}): FedpitError {
  return new FedpitError(message, { ...detail, family: 'remote', code })
}

/** This machine cannot do it: disk, memory, a missing library. */
export function localError(
  code: string,
  message: string,
  detail: Record<string, unknown> = {},
  cause?: unknown,
): FedpitError {
  return new FedpitError(message, { ...detail, family: 'local', code }, cause)
}

/** For the `default` branch of an exhaustive switch. */
export function assertNever(value: never, what: string): never {
  throw new FedpitError(`Cannot handle ${what}: ${JSON.stringify(value)} is not a known case`, {
    family: 'bug',
    code: 'core.unreachable',
  })
}
