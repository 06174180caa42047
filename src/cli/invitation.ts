/** What `fedpit peer` prints for the next machine: where this peer is, and the line that joins it. */
import type { PeerFile } from '../lab/peer-file.ts'
import { settingsToTell, tellSetting } from '../lab/settings.ts'

/** What the words in capitals stand for. */
const meanings: Readonly<Record<string, string>> = {
  FILE: "that machine's private examples",
  MODEL: 'the same base model there, a name or a full path',
  TOPOLOGY: 'full path of a copy of the topology file',
  KEY: 'full path of a copy of the pre-shared key',
}

/** `fedpit`: how it is typed. `self` is let in by the next machine too where the federation is closed. */
export function invitation(fedpit: string, self: string, addresses: readonly string[], settings: PeerFile): string {
  const { allow } = settings
  const told = settingsToTell(allow === undefined ? settings : { ...settings, allow: [...new Set([...allow, self])] })
  const words = told.map((setting) => `--set ${shellWord(tellSetting(setting))}`)
  const line = [fedpit, 'peer --join', addresses[0] ?? '(no address)', ...words, '--data FILE'].join(' ')
  const stands = told.flatMap(({ value }) => (typeof value === 'string' && value in meanings ? [value] : []))
  return [
    'Listening on:',
    ...addresses.map((address) => `  ${address}`),
    'On the next machine:',
    `  ${line}`,
    ...['FILE', ...stands].map((word) => `${word}: ${meanings[word]}`),
  ].join('\n')
}

/** One word to a shell. Double quotes are understood everywhere, single ones wherever there is more to protect. */
function shellWord(text: string): string {
  if (/^[\w./:=,@+-]+$/.test(text)) return text
  return /["$`\\!%]/.test(text) ? `'${text.replaceAll("'", String.raw`'\''`)}'` : `"${text}"`
}
