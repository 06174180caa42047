/** Draws the curves of the runs that made the built-in model, beside it (a test checks that they were drawn). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtIn } from '../../src/cli/models/built-in.ts'
import type { Story } from '../pretrain/run-document.ts'
import { practiceCurve, practised } from './practice-curve.ts'
import { trainingCurve } from './training-curve.ts'

const { runs }: Story = JSON.parse(readFileSync(join(builtIn.path, 'training.json'), 'utf8'))
writeFileSync(join(builtIn.path, 'curve.svg'), trainingCurve(runs))
writeFileSync(join(builtIn.path, 'practice.svg'), practiceCurve(practised(runs)))
