/** What every engine promises whose work is done elsewhere; run against each way to it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FedpitError } from '../../src/core/errors.ts'
import type { Engine, EngineEvent } from '../../src/engine/contract.ts'
import { arithmeticTraining } from '../fixtures/arithmetic-engine.ts'

/** An arithmetic engine, 20 ms an update, in a process that is replaced when it dies. */
export interface RemoteEngine extends AsyncDisposable {
  readonly engine: Engine
  /** What the engine's user was told. */
  readonly events: readonly EngineEvent[]
  /** Ids of its processes, the living one last. */
  readonly processes: readonly number[]
}

const model = { path: 'm', device: 'cpu', decode: 'f32', threads: 1 } as const
const kill = ({ processes }: RemoteEngine): void => void process.kill(processes.at(-1) ?? 0, 'SIGKILL')

export function engineContract(name: string, create: () => Promise<RemoteEngine>): void {
  describe(`Engine contract: ${name}`, () => {
    test('every call gives what the engine gives, with progress on the way', async () => {
      await using run = await create()
      const { engine } = run
      assert.equal((await engine.open(model)).name, 'm')
      const steps: number[] = []
      const trained = await engine.train(arithmeticTraining(3), undefined, ({ step }) => steps.push(step))
      assert.deepEqual(steps, [1, 2, 3])
      assert.deepEqual(trained.adapter.parameters, Float32Array.of(3, 3, 3, 3))
      assert.equal(trained.paused, undefined)
      const heard: string[] = []
      const sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 2, stop: [], seed: '' }
      const request = { prompts: ['so'], sampling }
      const [said] = await engine.generate(request, undefined, ({ text }) => heard.push(text))
      assert.deepEqual([said, heard], [{ text: 'so!', tokens: 2, finish: 'length' }, ['0', '1']])
      assert.deepEqual(await engine.score({ samples: [{ prompt: '', response: 'abc' }] }), [{ loss: 3, tokens: 1 }])
      assert.deepEqual(await engine.tokenize(['four', '']), [[4], [0]])
      const adapter = await engine.createAdapter(arithmeticTraining(1).init.config, 'seed')
      assert.deepEqual(adapter.parameters, new Float32Array(4))
    })

    test('messages of megabytes pass whole, both ways', async () => {
      await using run = await create()
      const parameters = Float32Array.from({ length: 1_000_000 }, (_, i) => i / 7)
      const training = arithmeticTraining(1)
      const init = { ...training.init, parameters }
      const { adapter } = await run.engine.train({ ...training, init })
      assert.deepEqual(
        adapter.parameters,
        parameters.map((value) => value + 1),
      )
    })

    test('errors keep their code, family and detail', async () => {
      await using run = await create()
      await assert.rejects(run.engine.open({ ...model, path: '' }), (error) => {
        assert.ok(error instanceof FedpitError)
        assert.deepEqual(error.detail, { family: 'input', code: 'model.missing', at: 1 })
        assert.match(error.message, /^Cannot open a model/)
        return true
      })
    })

    test('an abort stops training within an update while the caller stays responsive', async () => {
      await using run = await create()
      const abort = new AbortController()
      let [last, worst, abortedAt] = [performance.now(), 0, 0]
      const timer = setInterval(() => {
        worst = Math.max(worst, performance.now() - last)
        last = performance.now()
      }, 5)
      const training = run.engine.train(arithmeticTraining(1000), abort.signal, ({ step }) => {
        if (step !== 20) return
        abortedAt = performance.now()
        abort.abort(new Error('stop'))
      })
      await assert.rejects(training, /stop/)
      clearInterval(timer)
      // An update takes 20 ms, all of them 20 s; the allowance is for a loaded machine.
      assert.ok(performance.now() - abortedAt < 5_000, `took ${performance.now() - abortedAt} ms to stop`)
      assert.ok(worst < 5_000, `the caller's timer was late by ${worst} ms`)
      assert.deepEqual(await run.engine.tokenize(['abc']), [[3]])
    })

    test('kill -9 while training is reported, and the training made again gives the same result', async () => {
      await using run = await create()
      await run.engine.open(model)
      const steps: number[] = []
      const result = await run.engine.train(arithmeticTraining(10), undefined, ({ step }) => {
        steps.push(step)
        if (steps.length === 4) kill(run)
      })
      assert.deepEqual(result.adapter.parameters, Float32Array.of(10, 10, 10, 10))
      assert.equal(steps.filter((step) => step === 1).length, 2)
      assert.deepEqual(
        run.events.map(({ type, reason }) => [type, reason]),
        [
          ['engine.retrying', 'SIGKILL'],
          ['engine.restarted', 'SIGKILL'],
        ],
      )
    })

    test('training made again continues from the last checkpoint', async () => {
      await using run = await create()
      const steps: number[] = []
      const result = await run.engine.train(
        { ...arithmeticTraining(10), checkpointEvery: 2 },
        undefined,
        ({ step }) => {
          steps.push(step)
          if (steps.length === 5) kill(run)
        },
      )
      assert.deepEqual(result.losses, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      assert.equal(steps.filter((step) => step === 4).length, 1)
    })

    test('a call whose engine dies twice fails, and too many deaths in a row end the engine', async () => {
      await using run = await create()
      const killing = () => run.engine.train(arithmeticTraining(10), undefined, () => kill(run))
      await assert.rejects(killing(), { code: 'engine.died' })
      assert.equal(run.processes.length, 2)
      await assert.rejects(killing(), { code: 'engine.died' })
      await assert.rejects(killing(), { code: 'engine.given-up' })
      await assert.rejects(killing(), /died 5 times in a row \(SIGKILL\)/)
    })
  })
}
