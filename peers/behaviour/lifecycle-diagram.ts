/** A statechart as a Mermaid diagram, read off the machine itself. */
import type { lifecycle } from './lifecycle.ts'

type Node = (typeof lifecycle)['root']

/** `stateDiagram-v2` text; transitions with the same ends share one arrow. */
export function lifecycleDiagram(chart: { readonly root: unknown }): string {
  // The states of each chart have a type of their own; what is read here they have in common.
  const root = chart.root as Node
  return ['stateDiagram-v2', ...inside(root, '  '), ...arrows(root).map((arrow) => `  ${arrow}`)].join('\n')
}

function inside(node: Node, indent: string): string[] {
  const first = node.config.initial
  return [
    ...(typeof first === 'string' ? [`${indent}[*] --> ${idOf(node.states[first] as Node)}`] : []),
    ...children(node).flatMap((child) =>
      child.type === 'compound'
        ? [`${indent}state ${child.key} {`, ...inside(child, `${indent}  `), `${indent}}`]
        : [
            `${indent}${idOf(child)}: ${child.key}`,
            ...(child.type === 'final' ? [`${indent}${idOf(child)} --> [*]`] : []),
          ],
    ),
  ]
}

function arrows(root: Node): string[] {
  const labels = new Map<string, string[]>()
  for (const node of descendants(root)) {
    const transitions = [...node.transitions.values(), node.always ?? []].flat()
    for (const { target, eventType, guard } of transitions) {
      for (const goal of target ?? []) {
        const ends = `${idOf(node)} --> ${idOf(goal as Node)}`
        const label = [eventType, typeof guard === 'string' ? `[${guard}]` : ''].filter((part) => part !== '').join(' ')
        labels.set(ends, [...(labels.get(ends) ?? []), label])
      }
    }
  }
  return [...labels].map(([ends, all]) => {
    const label = all.filter((text) => text !== '').join(', ')
    return label === '' ? ends : `${ends}: ${label}`
  })
}

function children(node: Node): Node[] {
  return Object.values(node.states) as Node[]
}

function descendants(node: Node): Node[] {
  return children(node).flatMap((child) => [child, ...descendants(child)])
}

/** Mermaid ids may not have dots: `averaging.mixing` becomes `averaging_mixing`. */
function idOf(node: Node): string {
  return node.path.join('_')
}
