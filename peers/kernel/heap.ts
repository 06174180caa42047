/** A binary heap: the smallest item by `before`, in logarithmic time. */
export interface Heap<T> {
  readonly size: number
  push(item: T): void
  peek(): T | undefined
  pop(): T | undefined
  /** Leaves out all others, in linear time. */
  keep(such: (item: T) => boolean): void
}

export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  let items: T[] = []

  /** Puts the item where it belongs, at this place or below it. */
  const sink = (item: T, place: number): void => {
    let i = place
    for (let child = 2 * i + 1; child < items.length; child = 2 * i + 1) {
      const other = child + 1
      if (other < items.length && before(items[other] as T, items[child] as T)) child = other
      if (!before(items[child] as T, item)) break
      items[i] = items[child] as T
      i = child
    }
    items[i] = item
  }
  return {
    get size() {
      return items.length
    },
    push(item) {
      let i = items.length
      while (i > 0) {
        const parent = (i - 1) >> 1
        if (!before(item, items[parent] as T)) break
        items[i] = items[parent] as T
        i = parent
      }
      items[i] = item
    },
    peek: () => items[0],
    pop() {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0) sink(last as T, 0)
      return first
    },
    keep(such) {
      items = items.filter(such)
      for (let i = (items.length >> 1) - 1; i >= 0; i--) sink(items[i] as T, i)
    },
  }
}
