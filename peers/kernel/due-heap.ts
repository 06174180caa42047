/**
 * What is due when: the earliest first, and of equals the one that asked first. A binary heap whose times lie beside each
 * other and not in the items, because among thousands most of its work is to compare them.
 */
export class DueHeap<T> {
  #times: number[] = []
  #orders: number[] = []
  #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  /** When the first one is due; infinite where there is none. */
  get time(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  /** Which asking the first one is of. */
  get order(): number {
    return this.#orders[0] ?? 0
  }

  /** `order`: of asking; every one higher than the one before. */
  push(time: number, order: number, item: T): void {
    const times = this.#times
    let i = times.length
    while (i > 0) {
      const parent = (i - 1) >> 1
      // Of equals the one that is there already asked first.
      if ((times[parent] as number) <= time) break
      this.#move(parent, i)
      i = parent
    }
    this.#put(i, time, order, item)
  }

  pop(): T | undefined {
    const first = this.#items[0]
    const [time, order, item] = [this.#times.pop(), this.#orders.pop(), this.#items.pop()]
    if (this.#items.length > 0) this.#sink(0, time as number, order as number, item as T)
    return first
  }

  /** Leaves out all others, in linear time. */
  keep(such: (item: T, order: number) => boolean): void {
    let kept = 0
    for (let i = 0; i < this.#items.length; i++) {
      if (such(this.#items[i] as T, this.#orders[i] as number)) this.#move(i, kept++)
    }
    this.#times.length = kept
    this.#orders.length = kept
    this.#items.length = kept
    for (let i = (kept >> 1) - 1; i >= 0; i--) {
      this.#sink(i, this.#times[i] as number, this.#orders[i] as number, this.#items[i] as T)
    }
  }

  /** Puts the item where it belongs, at this place or below it. */
  #sink(place: number, time: number, order: number, item: T): void {
    const [times, orders] = [this.#times, this.#orders]
    const before = (i: number, at: number, asked: number): boolean =>
      (times[i] as number) < at || (times[i] === at && (orders[i] as number) < asked)
    let i = place
    for (let child = 2 * i + 1; child < times.length; child = 2 * i + 1) {
      const other = child + 1
      if (other < times.length && before(other, times[child] as number, orders[child] as number)) child = other
      if (!before(child, time, order)) break
      this.#move(child, i)
      i = child
    }
    this.#put(i, time, order, item)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from] as number, this.#orders[from] as number, this.#items[from] as T)
  }

  #put(place: number, time: number, order: number, item: T): void {
    this.#times[place] = time
    this.#orders[place] = order
    this.#items[place] = item
  }
}
