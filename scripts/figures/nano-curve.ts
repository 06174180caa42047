/** Draws the curve of the runs that made the built-in model, beside it (a test checks that it was drawn). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtIn } from '../../src/cli/models/built-in.ts'
import { trainingCurve } from './training-curve.ts'

const { runs } = JSON.parse(readFileSync(join(builtIn.path, 'training.json'), 'utf8'))
writeFileSync(join(builtIn.path, 'curve.svg'), trainingCurve(runs))
