/** What a person can do about a provider that was refused. */
import type { Provider } from '../../onnx/session.ts'

export function remedyFor(device: Provider, reason: string): string {
  if (reason.startsWith('not in ONNX Runtime')) return 'none on this platform'
  if (/gradient/.test(reason)) return 'none: it cannot train with this version of ONNX Runtime'
  switch (device) {
    case 'cuda':
      return (
        'install CUDA 12 and cuDNN 9, then fetch the provider with ' +
        '"ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install" (needs nuget.org)'
      )
    case 'webgpu':
      return process.platform === 'linux'
        ? 'where there is a GPU, install its Vulkan driver and the loader (Debian: libvulkan1)'
        : 'update the graphics driver'
    case 'coreml':
    case 'dml':
      return 'update the operating system and the graphics driver'
    case 'cpu':
      return 'reinstall the package: "npm ci"'
  }
}
