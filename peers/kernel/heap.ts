/** A binary heap: the smallest item by `before`, in logarithmic time. */
export interface Heap<T> {
  push(item: T): void
  peek(): T | undefined
  pop(): T | undefined
}

export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = []
  const less = (i: number, j: number): boolean => before(items[i] as T, items[j] as T)
  const swap = (i: number, j: number): void => {
    ;[items[i], items[j]] = [items[j] as T, items[i] as T]
  }
  return {
    push(item) {
      items.push(item)
      for (let i = items.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1
        if (!less(i, parent)) return
        swap(i, parent)
        i = parent
      }
    },
    peek: () => items[0],
    pop() {
      const first = items[0]
      const last = items.pop()
      if (items.length === 0 || last === undefined) return first
      items[0] = last
      for (let i = 0; ; ) {
        let next = i
        for (const child of [2 * i + 1, 2 * i + 2]) if (child < items.length && less(child, next)) next = child
        if (next === i) return first
        swap(i, next)
        i = next
      }
    },
  }
}
