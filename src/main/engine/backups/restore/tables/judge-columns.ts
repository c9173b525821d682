/** Whether rows fit into a table column by column, so that no value is cut, rounded or left out on its way. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import { type ColumnThen, wasGenerated, wasOfType } from '../../postgres/columns-then.ts'
import type { HeldColumn } from './held-columns.ts'
import type { Column, LiveTable } from './live.ts'
import { inWords } from './names.ts'

/** The columns that a table had rows in at the time of the backup, and has now. */
export function commonColumns({ columns: now }: LiveTable, then: readonly ColumnThen[]): Column[] {
  return now.filter(
    ({ name, generated }) => !generated && then.some((one) => one.name === name && !wasGenerated(one)),
  )
}

/** Those that are new since, and get what they have by default. */
export function newColumns({ columns: now }: LiveTable, then: readonly ColumnThen[]): Column[] {
  return now.filter(
    ({ name, generated }) => !generated && !then.some((one) => one.name === name && !wasGenerated(one)),
  )
}

/** Why rows of a backup would not be put there. */
export function judgeColumns(now: LiveTable, then: readonly ColumnThen[]): Reason[] {
  const table = inWords(now)
  const gone = then.filter(
    (one) =>
      !wasGenerated(one) && !now.columns.some(({ name, generated }) => name === one.name && !generated),
  )
  const demanded = newColumns(now, then).filter(({ notNull, filled }) => notNull && !filled)
  const changed = commonColumns(now, then).flatMap(({ name, type }) => {
    const was = then.find((one) => one.name === name)
    return was === undefined || wasOfType(was, type) ? [] : [`${name}: ${was.definition} → ${type}`]
  })
  const named = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ')
  return [
    ...(gone.length > 0
      ? [{ code: 'restore-tables-columns-gone', params: { table, columns: named(gone) } }]
      : []),
    ...(demanded.length > 0
      ? [{ code: 'restore-tables-columns-demanded', params: { table, columns: named(demanded) } }]
      : []),
    ...(changed.length > 0
      ? [{ code: 'restore-tables-columns-changed', params: { table, columns: changed.join('; ') } }]
      : []),
  ]
}

/** Why rows that were put aside would not be put back. @param schema that they are in */
export function judgeHeld(now: LiveTable, held: readonly HeldColumn[], schema: string): Reason[] {
  const table = inWords(now)
  const isNoted = held.some(({ noted, computed }) => noted || computed)
  const changed = held.flatMap(({ name, type, computed }) => {
    const column = now.columns.find((one) => one.name === name)
    // What was computed and is still, or is gone, takes no value.
    if (computed && (column === undefined || column.generated)) return []
    // An older console did not note it: what is computed now and of the same type was so then.
    if (!isNoted && column?.generated === true && column.type === type) return []
    const is = column === undefined ? '—' : column.generated ? 'GENERATED' : column.type
    return is === type ? [] : [`${name}: ${type} → ${is}`]
  })
  const demanded = now.columns.filter(
    ({ name, notNull, filled, generated }) =>
      notNull && !filled && !generated && !held.some((one) => one.name === name),
  )
  return [
    ...(changed.length > 0
      ? [{ code: 'restore-tables-held-unlike', params: { table, schema, columns: changed.join('; ') } }]
      : []),
    ...(demanded.length > 0
      ? [
          {
            code: 'restore-tables-columns-demanded',
            params: { table, columns: demanded.map(({ name }) => name).join(', ') },
          },
        ]
      : []),
  ]
}
