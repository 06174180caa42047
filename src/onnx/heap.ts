/**
 * Memory of a training step. Each step asks for the same hundreds of megabytes and gives them back; glibc by default
 * returns them to the system in between, and touching fresh pages again costs some per cent of a step (docs/log.md).
 * ONNX Runtime's own arena would keep them for each session; the process's heap keeps them once, for all sessions.
 */

/** Bytes: nothing that a step asks for is mapped for itself, and the heap's end is not given back (mallopt(3)). */
const own = `glibc.malloc.mmap_threshold=${2 ** 30}:glibc.malloc.trim_threshold=${2 ** 40}`

/** `env` for a process that trains: read by glibc at its start, and by nothing else. What a person set stays in force. */
export function heapEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GLIBC_TUNABLES: [own, env['GLIBC_TUNABLES']].filter(Boolean).join(':') }
}
