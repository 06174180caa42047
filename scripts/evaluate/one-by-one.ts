/** One after the other: peers share the processor anyway. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const [i, item] of items.entries()) results.push(await work(item, i))
  return results
}

export async function meanOf<T>(items: readonly T[], work: (item: T, i: number) => Promise<number>): Promise<number> {
  const values = await eachOf(items, work)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
