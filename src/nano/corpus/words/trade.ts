/** A trade's words. */

export interface Trade {
  /** Also its name in a sentence: "the bakery". */
  readonly id: string
  /** Who comes to it: "customer", "guest". */
  readonly role: string
  /** Things that it deals with, by the team that does. */
  readonly teams: ReadonlyMap<string, readonly string[]>
}

export function trade(id: string, role: string, teams: Readonly<Record<string, string>>): Trade {
  return { id, role, teams: new Map(Object.entries(teams).map(([team, items]) => [team, items.split(', ')])) }
}

export function itemsOf({ teams }: Trade): string[] {
  return [...teams.values()].flat()
}

/** Of the last word; word lists keep to nouns for which this is right. */
export function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}
