/** What of a dump says of partitioned tables: which partitions they had, within which bounds, and what these have of their whole. Pure. */
import type { DumpEntry } from './dump-entries.ts'
import { NAME } from './names-written.ts'
import type { Table } from './snapshot.ts'
import { ATTACHES, isSame, read, TWO } from './table-parts.ts'

export interface PartitionThen {
  readonly parent: Table
  readonly statement: string
  /** The end of that statement: what of the whole it holds. */
  readonly bounds: string
}

/** A column that is filled by a sequence, as one line. */
const NEXT = new RegExp(
  `^( {4}(?:${NAME}) .*?) DEFAULT (nextval\\('((?:[^']|'')*)'::regclass\\))((?:(?: CONSTRAINT ${NAME})? NOT NULL)?,?)$`,
  'gm',
)
const NAME_AT_FIRST = new RegExp(`^ {4}(${NAME}) `)
const NAMED = new RegExp(`^${TWO}$`)

/** Those, and all partitions that they had: each after what it is of. */
export function withPartitions(entries: readonly DumpEntry[], chosen: readonly Table[]): Table[] {
  const attached = entries.flatMap(({ type, statements }) => {
    const [, schema, name, ofSchema, of] =
      type === 'TABLE ATTACH' ? (ATTACHES.exec(statements[0] ?? '') ?? []) : []
    return name === undefined ? [] : [{ parent: read(schema, name), table: read(ofSchema, of) }]
  })
  const all = [...chosen]
  // What is put behind is looked at in its turn.
  for (const table of all)
    for (const one of attached)
      if (isSame(table)(one.parent) && !all.some(isSame(one.table))) all.push(one.table)
  return all
}

export function partitionIn(own: readonly DumpEntry[]): PartitionThen | null {
  const statement = own.find(({ type }) => type === 'TABLE ATTACH')?.statements[0]
  if (statement === undefined) return null
  const [named = '', schema, name] = ATTACHES.exec(statement) ?? []
  return { parent: read(schema, name), statement, bounds: statement.slice(named.length) }
}

/** A partition counts on with the sequence of its whole, within its own definition: where that sequence is yet to come, it does once that is there. */
export function withoutNext(after: string, coming: readonly Table[]): { after: string; defaults: string[] } {
  const defaults: string[] = []
  const without = after.replace(NEXT, (line, column: string, next: string, written: string, rest: string) => {
    const [, schema, name] = NAMED.exec(written.replaceAll("''", "'")) ?? []
    if (!coming.some(isSame(read(schema, name)))) return line
    defaults.push(`${NAME_AT_FIRST.exec(column)?.[1]} SET DEFAULT ${next}`)
    return `${column}${rest}`
  })
  return { after: without, defaults }
}
