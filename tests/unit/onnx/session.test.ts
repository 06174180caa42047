import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FedpitError } from '../../../src/core/errors.ts'
import { Graph } from '../../../src/onnx/graph.ts'
import { lower } from '../../../src/onnx/lowering.ts'
import { serialize } from '../../../src/onnx/model-proto.ts'
import { operators } from '../../../src/onnx/operators.ts'
import { createSession } from '../../../src/onnx/session.ts'

const matrix = { type: 'f32', shape: [2, 3], file: 'w.bin', offset: 5, bytes: 24 } as const
const options = { device: 'cpu', threads: 1, purpose: 'train' } as const

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-session-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function model(): Uint8Array {
  const graph = new Graph()
  const op = operators(graph)
  graph.output('y', op.gemm(graph.input('x', 'float32', [1, 3]), graph.weight('w', matrix), { transB: 1 }))
  return serialize(lower(graph, 'cpu'))
}

test('createSession() reads a weight at an unaligned offset of a file in the folder', () =>
  inFolder(async (folder) => {
    const bytes = new Uint8Array(29)
    bytes.set(new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer), 5)
    await writeFile(join(folder, 'w.bin'), bytes)
    const session = await createSession(model(), { ...options, folder })
    const x = { type: 'float32', shape: [1, 3], data: Float32Array.of(1, 0, -1) } as const
    assert.deepEqual(await session.run({ x }, ['y']), { y: Float32Array.of(-2, -2) })
    await assert.rejects(session.run({ x: { ...x, shape: [3, 1] } }, ['y']), { code: 'onnx.run', family: 'local' })
    await session.release()
  }))

test('createSession() says which provider failed when a weight file is missing', () =>
  inFolder(async (folder) => {
    await assert.rejects(
      createSession(model(), { ...options, folder }),
      (error: FedpitError) =>
        error.code === 'onnx.session' && error.detail['device'] === 'cpu' && /w\.bin/.test(error.message),
    )
  }))
