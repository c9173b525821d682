/** Which columns the tables of a dump had, from how `pg_restore --schema-only` writes them. Pure. */
import { NAME, nameRead } from './names-written.ts'
import type { Table } from './snapshot.ts'

export interface ColumnThen {
  readonly name: string
  /** Its type, and what else is said of it. */
  readonly definition: string
}

export interface TableThen extends Table {
  /** `null`: the dump does not define it column by column. */
  readonly columns: readonly ColumnThen[] | null
}

const TABLE = new RegExp(`^CREATE (?:UNLOGGED )?TABLE (${NAME})\\.(${NAME}) \\($`)
const COLUMN = new RegExp(`^ {4}(${NAME}) (.*?),?$`)

export function columnsThen(sql: string, wanted: readonly Table[]): TableThen[] {
  const found = new Map<string, ColumnThen[]>()
  let columns: ColumnThen[] | null = null
  for (const line of sql.split('\n')) {
    const [, schema, name] = TABLE.exec(line) ?? []
    if (schema !== undefined && name !== undefined) {
      columns = []
      found.set(keyOf({ schema: nameRead(schema), name: nameRead(name) }), columns)
      continue
    }
    if (line.startsWith(')')) columns = null
    const [, column, definition] = COLUMN.exec(line) ?? []
    // A name alone, in capitals, begins a constraint: those of columns are never written like that.
    if (columns === null || column === undefined || definition === undefined || column === 'CONSTRAINT')
      continue
    columns.push({ name: nameRead(column), definition })
  }
  return wanted.map((table) => ({ ...table, columns: found.get(keyOf(table)) ?? null }))
}

/** It was computed from others, and is not among the rows. */
export function wasGenerated({ definition }: ColumnThen): boolean {
  return / GENERATED ALWAYS AS \(/.test(definition)
}

/** What `pg_dump` writes after the type of a column: any other word is still of the type, as in `interval day to second`. */
const AFTER_TYPE = /^ (?:DEFAULT|GENERATED|NOT NULL|CONSTRAINT|COLLATE)(?: |$)/

/** @param type as `format_type` writes it with an empty search path, which is how `pg_dump` writes it */
export function wasOfType({ definition }: ColumnThen, type: string): boolean {
  if (!definition.startsWith(type)) return false
  const rest = definition.slice(type.length)
  return rest === '' || AFTER_TYPE.test(rest)
}

function keyOf({ schema, name }: Table): string {
  return JSON.stringify([schema, name])
}
