/**
 * `npm run test:golden -- DIR`: every check against reference values, on any folder laid out like tests/golden (the
 * default). What cannot be checked is said, with what is missing. Exit codes: 0 all that DIR holds was checked and
 * agrees, 1 something differs, 2 DIR holds no reference values, 3 the model that they belong to is not on this machine.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { modelAbsent } from '../tests/golden/model-path.ts'

interface Check {
  readonly name: string
  readonly test: string
  /** In DIR. */
  readonly needs: readonly string[]
  /** Computed with SmolLM2. */
  readonly model?: true
}

const tiny = ['tiny/llama', 'tiny/llama3-rope-untied', 'tiny/qwen2']
const checks: readonly Check[] = [
  { name: 'dequantised blocks', test: 'golden/blocks', needs: ['blocks.gguf', 'blocks.safetensors'] },
  { name: 'ROUGE-L', test: 'golden/rouge', needs: ['rouge.json'] },
  { name: 'tiny models: loss, gradients, full training', test: 'golden/training', needs: tiny },
  { name: 'tiny models: logits', test: 'golden/generation', needs: tiny },
  {
    name: 'SentencePiece token ids',
    test: 'golden/sentencepiece',
    needs: ['sentencepiece/vocabulary.gguf', 'sentencepiece/tokens.json'],
  },
  { name: 'a new model: token ids, logits', test: 'golden/new-model', needs: ['new-model.json'] },
  { name: 'nano: token ids, logits', test: 'golden/nano', needs: ['nano.json'] },
  { name: 'token ids, chat templates', test: 'model/tokenizer', needs: ['tokens.json', 'templates.json'], model: true },
  {
    name: 'SmolLM2: logits, greedy tokens',
    test: 'model/generation',
    needs: ['smollm2/logits.json', 'smollm2/greedy.json', 'smollm2/adapter-qv8'],
    model: true,
  },
  {
    name: 'SmolLM2: loss, gradients',
    test: 'model/training',
    needs: ['smollm2/adapter-qv8', 'smollm2/adapter-all4'],
    model: true,
  },
  { name: 'SmolLM2: 24 training steps', test: 'model/training-run', needs: ['smollm2/training/run.json'], model: true },
]

type Verdict = 'agrees' | 'differs' | 'absent' | 'no model'

const root = join(import.meta.dirname, '..')
const { positionals } = parseArgs({ allowPositionals: true })
const folder = resolve(positionals[0] ?? join(root, 'tests/golden'))

const verdicts = checks.map((check): Verdict => {
  const missing = check.needs.filter((name) => !existsSync(join(folder, name)))
  const [verdict, detail] =
    missing.length > 0
      ? (['absent', `not in ${folder}: ${missing.join(', ')}`] as const)
      : check.model === true && modelAbsent !== false
        ? (['no model', modelAbsent] as const)
        : run(check.test)
  console.log(`${verdict.padEnd(8)}  ${check.name}${detail === '' ? '' : `\n          ${detail}`}`)
  return verdict
})
const count = (verdict: Verdict): number => verdicts.filter((other) => other === verdict).length
console.log(
  `${count('agrees')} of ${checks.length} agree, ${count('differs')} differ, ${count('absent')} absent, ${count('no model')} without their model`,
)
process.exitCode = count('differs') > 0 ? 1 : count('absent') === checks.length ? 2 : count('no model') > 0 ? 3 : 0

function run(test: string): readonly [Verdict, string] {
  // Under a test runner this would make the one below report to it instead of printing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--test', '--test-reporter=spec', join(root, 'tests', `${test}.test.ts`)],
    { cwd: root, env: { ...env, FEDPIT_GOLDEN: folder }, encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  if (status !== 0) return ['differs', stdout.trim()]
  const [, passed = '0'] = /^ℹ pass (\d+)$/m.exec(stdout) ?? []
  const [, skipped = '0'] = /^ℹ skipped (\d+)$/m.exec(stdout) ?? []
  if (passed === '0') return ['differs', `expected at least one test to run, got none:\n${stdout.trim()}`]
  return ['agrees', `${passed} tests${skipped === '0' ? '' : `, ${skipped} skipped`}`]
}
