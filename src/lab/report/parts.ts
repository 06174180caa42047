/** What the pages of all reports are put together from. */
import { style } from './style.ts'
import { element, escapeText } from './svg.ts'

/** A whole page that needs nothing else. */
export function pageOf(title: string, ...parts: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    element('title', {}, escapeText(title)),
    `<style>${style}</style></head><body><main>`,
    ...parts,
    '</main></body></html>\n',
  ].join('\n')
}

/** The figures that matter most: a value and what it is. */
export function tiles(pairs: readonly (readonly [value: string, label: string])[]): string {
  const tile = ([value, label]: readonly [string, string]): string =>
    element('div', { class: 'tile' }, element('b', {}, escapeText(value)), element('span', {}, escapeText(label)))
  return element('div', { class: 'tiles' }, ...pairs.map(tile))
}

export function legend(names: readonly string[]): string {
  return names.map((name) => element('span', { class: `key ${name}` }, name)).join('')
}

export function section(title: string, text: string, extra: string): string {
  return element('h2', {}, escapeText(title)) + element('p', { class: 'note' }, `${escapeText(text)} ${extra}`)
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (name: string, row: readonly string[]): string =>
    element('tr', {}, ...row.map((cell) => element(name, {}, escapeText(cell) || '&#160;')))
  const top = head.some((cell) => cell !== '') ? element('thead', {}, cells('th', head)) : ''
  return element(
    'div',
    { class: 'scroll' },
    element('table', {}, top, element('tbody', {}, ...rows.map((row) => cells('td', row)))),
  )
}
