/** Where the rows of a restore of tables are, beside the tables themselves: two schemas of its own in their database. Pure. */
import type { RestoreTables } from '#shared/model/restore.ts'
import type { StepContext } from '../../../operations/kind.ts'
import { shownName, sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { withSuffix } from '../names.ts'

export interface TableNames {
  readonly database: string
  /** Rows out of the backup, until they are put in. */
  readonly staged: string
  /** Rows from before, until they are let go. */
  readonly before: string
  /** What both are marked with, as their comment. */
  readonly marker: string
}

/** @param id of the operation; `null` where there is none yet */
export function tableNamesOf(database: string, id: string | null): TableNames {
  const short = id === null ? '…' : id.slice(0, 8)
  return {
    database,
    staged: `vakhta_restore_${short}`,
    before: `vakhta_before_${short}`,
    marker: `Vakhta: restore ${id ?? short}`,
  }
}

/** Where tables that are not there any more are made, until they get their place: a schema for each that they are of. */
export function builtSchemas(
  { staged }: Pick<TableNames, 'staged'>,
  tables: readonly Table[],
): Map<string, string> {
  const schemas = [...new Set(tables.map(({ schema }) => schema))]
  return new Map(schemas.map((schema, index) => [schema, `${staged}_${index + 1}`]))
}

/** From the options alone: the way back must not need the backup. */
export function tableNamesIn({
  options: { database = '' },
  id,
}: Pick<StepContext<RestoreTables>, 'options' | 'id'>): TableNames {
  return tableNamesOf(database, id)
}

/** The name of each table in such a schema: its own, or with a number where two schemas have one of that name. */
export function heldNames(tables: readonly Table[]): string[] {
  const taken = new Set<string>()
  return tables.map(({ name }) => {
    let held = name
    for (let number = 2; taken.has(held); number += 1) held = withSuffix(name, `_${number}`)
    taken.add(held)
    return held
  })
}

/** A name in such a schema that these tables leave free; what theirs are does not depend on it. */
export function freeName(tables: readonly Table[], name: string): string {
  return heldNames([...tables, { schema: '', name }]).at(-1) ?? name
}

export function inSql({ schema, name }: Table): string {
  return `${sqlName(schema)}.${sqlName(name)}`
}

/** As people read it. */
export function inWords({ schema, name }: Table): string {
  return `${shownName(schema)}.${shownName(name)}`
}
