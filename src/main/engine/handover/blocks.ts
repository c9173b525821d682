/** The parts that a document is made of. */
import type { DocumentBlock } from '#shared/model/handover.ts'
import type { Bounded } from './facts.ts'
import type { Key, Say, Words } from './words.ts'

export function section(
  { say }: Words,
  title: Key,
  { items, left }: Bounded<unknown>,
  none: Key,
  full: readonly DocumentBlock[],
): DocumentBlock[] {
  return [heading(2, say(title)), ...(items.length === 0 ? [text(say(none))] : full), ...more(say, left)]
}

export function more(say: Say, left: number): DocumentBlock[] {
  return left === 0 ? [] : [text(say('left', { count: left }))]
}

export function heading(level: 1 | 2 | 3, words: string): DocumentBlock {
  return { kind: 'heading', level, text: words }
}
export function text(words: string): DocumentBlock {
  return { kind: 'text', text: words }
}
export function list(items: string[]): DocumentBlock {
  return { kind: 'list', items }
}
export function table(say: Say, columns: readonly Key[], rows: string[][]): DocumentBlock {
  return { kind: 'table', columns: columns.map((column) => say(column)), rows }
}
