/** `fedpit report`: writes the report of a run again from its events, or that of peers on machines of their own. */
import { resolve } from 'node:path'
import { outcomeDocument, outcomesOf } from '../../lab/outcome.ts'
import { readEvents, readHomes } from '../../lab/read-run.ts'
import { isRunFolder, writeReport, writeReportOfHomes } from '../../lab/run-folder.ts'
import { outcomeTable, timeTable } from '../../lab/table.ts'
import type { Register } from '../context.ts'

const examples = `
Examples:
  fedpit report runs/2026-05-01-120000-start
  fedpit report clinic-home bank-home      (of peers on several machines: bring their homes together first,
                                            or of each its fedpit.yaml and events.jsonl, which hold no examples)`

export const register: Register = (program, context) => {
  program
    .command('report')
    .description('show what came of a run, and write its report.html again')
    .argument('<runs...>', "folder of a run, or its peers' homes; the page goes into the first one")
    .addHelpText('after', examples)
    .action(async (runs: string[]) => {
      const folders = runs.map((run) => resolve(run))
      const folder = folders[0] as string
      const ofRun = folders.length === 1 && isRunFolder(folder)
      const events = await (ofRun ? readEvents(folder) : readHomes(folders))
      const report = await (ofRun ? writeReport(folder, events) : writeReportOfHomes(folder, events))
      const peers = outcomesOf(events)
      context.output.result(
        { run: folder, report, peers: peers.map(outcomeDocument) },
        `${outcomeTable(peers)}\n\n${timeTable(peers)}\n\n${report}`,
      )
    })
}
