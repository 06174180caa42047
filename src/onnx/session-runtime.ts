/** What this build of ONNX Runtime is, for a person or a cache to know. */
import * as ort from 'onnxruntime-node'

export interface Backend {
  readonly name: string
  /** Its libraries come with the package; others must be installed. */
  readonly bundled: boolean
}

export function runtimeVersion(): string {
  return ort.env.versions.node ?? ort.env.versions.common
}

export function runtimeBackends(): Backend[] {
  return ort.listSupportedBackends().map(({ name, bundled }) => ({ name, bundled }))
}
