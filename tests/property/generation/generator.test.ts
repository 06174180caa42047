import assert from 'node:assert/strict'
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createGenerator, type Generator, type GeneratorOptions } from '../../../src/generation/generator.ts'
import type { Completion, Sampling, TokenText } from '../../../src/generation/request.ts'
import { createAdapter } from '../../../src/lora/create.ts'
import type { Checkpoint } from '../../../src/model/checkpoint.ts'
import { tinyCheckpoint, tinyLora } from '../../golden/tiny.ts'

/** Every token is one letter or two; 2 ends a completion. */
const letters = (id: number): string => `${String.fromCharCode(97 + (id % 26))}${id > 60 ? '\n' : ''}`
const text: TokenText = { ends: [2], stream: () => ({ push: letters, flush: () => '' }) }

const greedy: Sampling = {
  ...{ temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 10, stop: [], seed: 'seed' },
}
const sampled: Sampling = { ...greedy, temperature: 1.3, topK: 40, topP: 0.95, repetitionPenalty: 1.1 }
const token = fc.integer({ min: 3, max: 96 })
const prompt = fc.array(token, { minLength: 1, maxLength: 40 })

let checkpoint: Checkpoint
const generators: Generator[] = []
const open = (options: Pick<GeneratorOptions, 'batch'> = {}): Generator => {
  const generator = createGenerator(checkpoint, text, { decode: 'f32', device: 'cpu', threads: 1, ...options })
  generators.push(generator)
  return generator
}
const idsOf = (completions: readonly Completion[]) => completions.map(({ ids, finish }) => ({ ids: [...ids], finish }))

before(async () => {
  checkpoint = await tinyCheckpoint('llama')
})
after(async () => {
  for (const generator of generators) await generator.close()
})

for (const [name, sampling] of Object.entries({ greedy, sampled })) {
  test(`generate() of n prompts, ${name}, equals one by one, whatever the batch`, async () => {
    const [wide, narrow] = [open(), open({ batch: 3 })]
    await fc.assert(
      fc.asyncProperty(fc.array(prompt, { minLength: 1, maxLength: 9 }), async (prompts) => {
        const together = idsOf(await wide.generate({ prompts, sampling }))
        assert.deepEqual(idsOf(await narrow.generate({ prompts, sampling })), together)
        // A prompt draws from a stream of its seed and index: where it must keep its index it stands behind copies.
        const last = prompts.length - 1
        const alone = await wide.generate({ prompts: prompts.map(() => prompts[last] as number[]), sampling })
        assert.deepEqual(idsOf(alone)[last], together[last])
        const one = await wide.generate({ prompts: prompts.slice(0, 1), sampling })
        assert.deepEqual(idsOf(one)[0], together[0])
      }),
      { numRuns: 12 },
    )
  })
}

test('generate() with a prefix that prompts share equals generate() without', async () => {
  const generator = open()
  await fc.assert(
    fc.asyncProperty(
      fc.array(token, { minLength: 32, maxLength: 70 }),
      fc.array(prompt, { minLength: 2, maxLength: 5 }),
      async (prefix, ends) => {
        const prompts = ends.map((end) => [...prefix, ...end])
        const shared = await generator.generate({ prompts, sampling: greedy })
        const apart: Completion[] = []
        for (const one of prompts) apart.push(...(await generator.generate({ prompts: [one], sampling: greedy })))
        assert.deepEqual(idsOf(shared), idsOf(apart))
      },
    ),
    { numRuns: 12 },
  )
})

test('generate() streams exactly the text of each completion, and never a stop text', async () => {
  const generator = open({ batch: 4 })
  const stop = fc.array(fc.string({ unit: fc.constantFrom(...'abcdefgh\n'), minLength: 1, maxLength: 2 }), {
    maxLength: 4,
  })
  let stopped = 0
  await fc.assert(
    fc.asyncProperty(fc.array(prompt, { minLength: 1, maxLength: 6 }), stop, async (prompts, stop) => {
      const streamed = prompts.map(() => '')
      const completions = await generator.generate(
        { prompts, sampling: { ...sampled, stop, maxNewTokens: 24 } },
        undefined,
        ({ prompt, text }) => {
          streamed[prompt] += text
        },
      )
      completions.forEach(({ text, finish, tokens, ids }, i) => {
        assert.equal(streamed[i], text)
        assert.ok(!stop.some((pattern) => text.includes(pattern)), JSON.stringify({ text, stop }))
        assert.equal(tokens, ids.length)
        assert.equal(finish === 'end', ids.at(-1) === 2)
        assert.equal(finish === 'length', tokens === 24 && ids.at(-1) !== 2 && finish !== 'stop')
        if (finish === 'stop') stopped += 1
      })
    }),
    { numRuns: 20 },
  )
  assert.ok(stopped > 0, 'no completion met a stop text: the property was empty')
})

test('generate() with an adapter whose B is zero equals the base model, with another it differs', async () => {
  const generator = open()
  const prompts = [
    [5, 9, 33, 71],
    [12, 80],
  ]
  const adapter = createAdapter(tinyLora, checkpoint.config, 'adapter')
  const base = idsOf(await generator.generate({ prompts, sampling: greedy }))
  assert.deepEqual(idsOf(await generator.generate({ prompts, adapter, sampling: greedy })), base)
  const other = { ...adapter, parameters: adapter.parameters.map((value, i) => value + 0.3 * Math.sin(i)) }
  assert.notDeepEqual(idsOf(await generator.generate({ prompts, adapter: other, sampling: greedy })), base)
})

test('generate() stops between two tokens when its signal is aborted, and can be used again', async () => {
  const generator = open()
  const controller = new AbortController()
  let events = 0
  const running = generator.generate(
    { prompts: [[7, 8, 9]], sampling: { ...greedy, maxNewTokens: 400 } },
    controller.signal,
    () => {
      events += 1
      if (events === 3) controller.abort()
    },
  )
  await assert.rejects(running, { name: 'AbortError' })
  assert.equal(events, 3)
  assert.equal((await generator.generate({ prompts: [[7, 8, 9]], sampling: greedy })).length, 1)
})

test('generate() ends with `length` where the model has no more positions, and refuses what does not fit', async () => {
  const generator = open()
  const { maxPositions } = checkpoint.config
  const long = Array.from({ length: maxPositions - 3 }, (_, i) => 3 + (i % 90))
  const [completion] = await generator.generate({ prompts: [long], sampling: greedy })
  assert.deepEqual([completion?.tokens, completion?.finish], [3, 'length'])
  await assert.rejects(generator.generate({ prompts: [[...long, 3, 3, 3]], sampling: greedy }), {
    code: 'generation.prompt-too-long',
    message: `Cannot generate: expected prompt 0 to have fewer than ${maxPositions} tokens, got ${maxPositions}`,
  })
  await assert.rejects(generator.generate({ prompts: [[3], []], sampling: greedy }), {
    code: 'generation.prompt-empty',
  })
})

test('generate() in int8 makes its file of codes once, in the cache, from a model that cannot be written to', async () => {
  const root = await mkdtemp(join(tmpdir(), 'fedpit-int8-'))
  const [folder, cacheFolder] = [join(root, 'models', 'tiny'), join(root, 'cache')]
  try {
    await mkdir(folder, { recursive: true })
    await copyFile(join(checkpoint.folder, 'model.safetensors'), join(folder, 'model.safetensors'))
    // A superuser may write all the same: what is in the folder afterwards is looked at too.
    await chmod(folder, 0o555)
    const options = { decode: 'int8', cacheFolder, device: 'cpu', threads: 1 } as const
    const run = async () => {
      const generator = createGenerator({ ...checkpoint, folder }, text, options)
      try {
        return idsOf(await generator.generate({ prompts: [[5, 9, 33, 71]], sampling: greedy }))
      } finally {
        await generator.close()
      }
    }
    const [made, read] = [await run(), await run()]
    assert.deepEqual(read, made)
    assert.deepEqual(await readdir(folder), ['model.safetensors'])
    assert.deepEqual(await readdir(join(cacheFolder, 'int8')), [`b32-${checkpoint.fingerprint}.bin`])
  } finally {
    await chmod(folder, 0o755)
    await rm(root, { recursive: true })
  }
})

test('generate() in int8 works again once what stood in the way of its file has gone, and so does close()', async () => {
  const cacheFolder = await mkdtemp(join(tmpdir(), 'fedpit-int8-'))
  const options = { decode: 'int8', cacheFolder, device: 'cpu', threads: 1 } as const
  const generator = createGenerator(checkpoint, text, options)
  const generate = () => generator.generate({ prompts: [[5, 9, 33, 71]], sampling: greedy })
  try {
    await writeFile(join(cacheFolder, 'int8'), 'in the way')
    await assert.rejects(generate(), { code: 'generation.int8-file' })
    await generator.close()
    await rm(join(cacheFolder, 'int8'))
    assert.equal((await generate()).length, 1)
  } finally {
    await generator.close()
    await rm(cacheFolder, { recursive: true })
  }
})
