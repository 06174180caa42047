/** `fedpit report`: writes the report of a run again from its events. */
import { resolve } from 'node:path'
import { outcomeDocument, outcomesOf } from '../../lab/outcome.ts'
import { readEvents } from '../../lab/read-run.ts'
import { writeReport } from '../../lab/run-folder.ts'
import { outcomeTable, timeTable } from '../../lab/table.ts'
import type { Register } from '../context.ts'

export const register: Register = (program, context) => {
  program
    .command('report')
    .description('show what came of a run, and write its report.html again')
    .argument('<run>', 'folder of a run')
    .addHelpText('after', '\nExample:\n  fedpit report runs/2026-05-01-120000-start')
    .action(async (run: string) => {
      const folder = resolve(run)
      const events = await readEvents(folder)
      const report = await writeReport(folder, events)
      const peers = outcomesOf(events)
      context.output.result(
        { run: folder, report, peers: peers.map(outcomeDocument) },
        `${outcomeTable(peers)}\n\n${timeTable(peers)}\n\n${report}`,
      )
    })
}
