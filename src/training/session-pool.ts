/** A few loaded things by name; the one that was not used for longest makes room for a new one. */
export interface Pool<T> {
  get(key: string, load: () => Promise<T>): Promise<T>
  clear(): Promise<void>
}

/** Holds at most `limit`; `release` is called for each that leaves. Calls must not overlap. */
export function sessionPool<T>(limit: number, release: (item: T) => Promise<void>): Pool<T> {
  const held = new Map<string, T>()
  const drop = async (key: string): Promise<void> => {
    const item = held.get(key)
    held.delete(key)
    if (item !== undefined) await release(item)
  }
  return {
    async get(key, load) {
      let item = held.get(key)
      if (item === undefined) {
        for (const old of [...held.keys()].slice(0, Math.max(0, held.size - limit + 1))) await drop(old)
        item = await load()
      }
      held.delete(key)
      held.set(key, item)
      return item
    },
    async clear() {
      for (const key of [...held.keys()]) await drop(key)
    },
  }
}
