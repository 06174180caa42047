/** All with one: what a server is, and why it is slow and its loss is the loss of everything. */
import { graph, type Link } from './graph.ts'

export const star = graph({
  name: 'star',
  links: (n) => Array.from({ length: n - 1 }, (_, i): Link => [0, i + 1]),
  expectedContraction: (n) => (n < 3 ? 0 : 1 - 1 / n),
})
