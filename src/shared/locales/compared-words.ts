/** What of a restore was compared, in short words: alike in the log of an operation, on the screen and in a terminal. */
import type { i18n } from 'i18next'
import type { Compared } from '#shared/model/compared.ts'

/** What was not counted is left out. */
type Counts = { readonly [What in keyof Compared]?: Compared[What] | undefined }

/** "rows of 12 tables, 3 sequences, 41 large objects, 230 objects" */
export function comparedWords({ t }: i18n, counts: Counts): string {
  const { tables, sequences, largeObjects, objects } = counts
  const said = [
    ['compared-tables', tables],
    ['compared-sequences', sequences],
    ['compared-large-objects', largeObjects],
    ['compared-objects', objects],
  ] as const
  return said
    .flatMap(([key, count]) => (typeof count === 'number' ? [t(key, { ns: 'operations', count })] : []))
    .join(', ')
}
