import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heapEnvironment } from '../../../src/onnx/heap.ts'

test('heapEnvironment() keeps the environment, and what a person tunes comes last, where it wins', () => {
  const made = heapEnvironment({ HOME: '/home/ada', GLIBC_TUNABLES: 'glibc.malloc.trim_threshold=1' })
  assert.equal(made['HOME'], '/home/ada')
  assert.match(
    made['GLIBC_TUNABLES'] as string,
    /^glibc\.malloc\.mmap_threshold=\d+:.*:glibc\.malloc\.trim_threshold=1$/,
  )
  assert.match(heapEnvironment({})['GLIBC_TUNABLES'] as string, /trim_threshold=\d+$/)
})
