/**
 * A map that is never changed: a change makes another one. For a handful of entries, of which each message about an
 * exchange changes one: two short lists are copied for a fraction of what a `Map` takes.
 */
export class Entries<V> implements ReadonlyMap<string, V> {
  readonly #keys: readonly string[]
  readonly #values: readonly V[]

  private constructor(keys: readonly string[], values: readonly V[]) {
    this.#keys = keys
    this.#values = values
  }

  /** Of equal keys the last one counts. */
  static of<V>(entries: Iterable<readonly [key: string, value: V]> = []): Entries<V> {
    const map = new Map(entries)
    return new Entries([...map.keys()], [...map.values()])
  }

  get size(): number {
    return this.#keys.length
  }

  get(key: string): V | undefined {
    return this.#values[this.#keys.indexOf(key)]
  }

  has(key: string): boolean {
    return this.#keys.includes(key)
  }

  /** In the place of the entry with this key, or else behind all others. */
  with(key: string, value: V): Entries<V> {
    const place = this.#keys.indexOf(key)
    if (place === -1) return new Entries([...this.#keys, key], [...this.#values, value])
    return new Entries(this.#keys, this.#values.with(place, value))
  }

  without(key: string): Entries<V> {
    const place = this.#keys.indexOf(key)
    return place === -1 ? this : new Entries(this.#keys.toSpliced(place, 1), this.#values.toSpliced(place, 1))
  }

  keys(): ArrayIterator<string> {
    return this.#keys.values()
  }

  values(): ArrayIterator<V> {
    return this.#values.values()
  }

  entries(): ArrayIterator<[string, V]> {
    return this.#keys.map((key, i): [string, V] => [key, this.#values[i] as V]).values()
  }

  [Symbol.iterator](): ArrayIterator<[string, V]> {
    return this.entries()
  }

  forEach(each: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this) each(value, key, this)
  }
}
