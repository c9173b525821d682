/** Which entries of a dump are parts of which table: constraints, indexes, triggers and so on, and what is said of these. Pure. */
import type { DumpEntry } from './dump-entries.ts'
import { NAME, nameRead } from './names-written.ts'
import type { Table } from './snapshot.ts'

export const TWO = `(${NAME})\\.(${NAME})`
export const ALTER_TABLE = new RegExp(`^(ALTER TABLE (?:ONLY )?)${TWO}(\\s[\\s\\S]*)$`)
export const CREATE_INDEX = new RegExp(
  `^(CREATE (?:UNIQUE )?INDEX (${NAME}) ON (?:ONLY )?)${TWO}( USING [\\s\\S]*)$`,
)
export const ATTACHES = new RegExp(`^ALTER TABLE (?:ONLY )?${TWO} ATTACH PARTITION ${TWO} `)
export const IDENTITY = new RegExp(
  `^ALTER TABLE ${TWO} ALTER COLUMN (${NAME}) ADD GENERATED [\\s\\S]*SEQUENCE NAME ${TWO}`,
)
export const OWNED_BY = new RegExp(`^ALTER SEQUENCE ${TWO} OWNED BY ${TWO}\\.(${NAME})$`)
const TRIGGER = new RegExp(`^CREATE (?:CONSTRAINT )?TRIGGER ${NAME} (?:"(?:[^"]|"")+"|[^"'])*? ON ${TWO}\\s`)
const POLICY = new RegExp(`^CREATE POLICY ${NAME} ON ${TWO}`)
const RULE = new RegExp(`^CREATE RULE ${NAME} AS\\s+ON \\w+ TO ${TWO}\\s`)
const STATISTICS = new RegExp(`^CREATE STATISTICS [\\s\\S]* FROM ${TWO}$`)
/** Parts of a table, as opposed to what is made of it. */
const PARTS: ReadonlySet<string> = new Set([
  ...[
    'CONSTRAINT',
    'CHECK CONSTRAINT',
    'FK CONSTRAINT',
    'DEFAULT',
    'INDEX',
    'SEQUENCE',
    'SEQUENCE OWNED BY',
    'ROW SECURITY',
  ],
  ...[
    'TRIGGER',
    'POLICY',
    'STATISTICS',
    'TABLE ATTACH',
    'INDEX ATTACH',
    'COMMENT',
    'ACL',
    'TABLE DATA',
    'SEQUENCE SET',
    'RULE',
  ],
  'SECURITY LABEL',
])

export interface PartsOf {
  /** In the order of the dump; comments and grants after what they are about. Those of foreign keys are not among them. */
  of(table: Table): readonly DumpEntry[]
  /** Comments and grants of one entry. */
  said(id: number): readonly DumpEntry[]
}

/** As opposed to what is made of a table, as a view is. */
export function isPart(type: string): boolean {
  return PARTS.has(type)
}

export function partsByTable(entries: readonly DumpEntry[]): PartsOf {
  const ownerOfSequence = new Map<number, Table>()
  const said = new Map<number, DumpEntry[]>()
  for (const entry of entries) {
    const { type, needs, statements } = entry
    const owner = type === 'SEQUENCE OWNED BY' ? tableOf(type, statements[0] ?? '') : null
    for (const id of needs) {
      if (owner !== null) ownerOfSequence.set(id, owner)
      if (SAID.has(type)) said.set(id, [...(said.get(id) ?? []), entry])
    }
  }
  const parts = new Map<string, DumpEntry[]>()
  const add = (table: Table, entry: DumpEntry) => {
    const key = keyOf(table)
    const all = parts.get(key)
    if (all === undefined) parts.set(key, [entry])
    else all.push(entry)
  }
  for (const entry of entries) {
    const [first = ''] = entry.statements
    const identity = entry.type === 'SEQUENCE' ? IDENTITY.exec(first) : null
    if (identity !== null) {
      add(read(identity[1], identity[2]), { ...entry, type: 'IDENTITY' })
      continue
    }
    const table =
      entry.type === 'SEQUENCE' ? (ownerOfSequence.get(entry.id) ?? null) : tableOf(entry.type, first)
    if (table !== null) add(table, entry)
  }
  const tables = new Map(
    entries
      .filter(({ type }) => type === 'TABLE')
      .map(({ schema, name, id }) => [keyOf({ schema: schema ?? '', name }), id]),
  )
  return {
    said: (id) => said.get(id) ?? [],
    of(table) {
      const direct = parts.get(keyOf(table)) ?? []
      const about = [
        tables.get(keyOf(table)) ?? -1,
        ...direct.filter(({ type }) => type !== 'FK CONSTRAINT').map(({ id }) => id),
      ]
      return [...direct, ...new Set(about.flatMap((id) => said.get(id) ?? []))]
    },
  }
}

const SAID: ReadonlySet<string> = new Set(['COMMENT', 'ACL'])

/** Where the table of an entry stands in its first statement: the pattern, and the group of the schema. */
const PLACES: Readonly<Record<string, readonly [RegExp, number]>> = {
  ...{ TRIGGER: [TRIGGER, 1], POLICY: [POLICY, 1], RULE: [RULE, 1], STATISTICS: [STATISTICS, 1] },
  ...{ INDEX: [CREATE_INDEX, 3], 'TABLE ATTACH': [ATTACHES, 3], 'SEQUENCE OWNED BY': [OWNED_BY, 3] },
  ...{
    CONSTRAINT: [ALTER_TABLE, 2],
    'CHECK CONSTRAINT': [ALTER_TABLE, 2],
    'FK CONSTRAINT': [ALTER_TABLE, 2],
  },
  ...{ DEFAULT: [ALTER_TABLE, 2], 'ROW SECURITY': [ALTER_TABLE, 2] },
}

function tableOf(type: string, statement: string): Table | null {
  const [pattern, at] = PLACES[type] ?? []
  if (pattern === undefined || at === undefined) return null
  const found = pattern.exec(statement)
  if (found !== null) return read(found[at], found[at + 1])
  // Of a partition that has its triggers from the whole only how they fire is said.
  const fires = type === 'TRIGGER' ? ALTER_TABLE.exec(statement) : null
  return fires === null ? null : read(fires[2], fires[3])
}

/** As they are written. */
export function read(schema: string | undefined, name: string | undefined): Table {
  return { schema: nameRead(schema ?? ''), name: nameRead(name ?? '') }
}

function keyOf({ schema, name }: Table): string {
  return JSON.stringify([schema, name])
}

export function isSame({ schema, name }: Table): (other: Table) => boolean {
  return (other) => other.schema === schema && other.name === name
}
