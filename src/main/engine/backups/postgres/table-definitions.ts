/**
 * How tables of a dump are made again, one by one: what of it is said before their rows, what after them, and what once they have their place; what it needs
 * that is not theirs, and what refers to them. Statements of a form that is not known are told apart. Pure.
 */
import type { DumpEntry } from './dump-entries.ts'
import { NAME, nameRead, namesRead } from './names-written.ts'
import { type PartitionThen, partitionIn, withoutNext, withPartitions } from './partitions-then.ts'
import { sqlName } from './quote.ts'
import { NOBODY, rolesNamedIn } from './roles-named.ts'
import type { Table } from './snapshot.ts'
import { readsPlainly } from './statement-pieces.ts'
import { GRANT, isKnown } from './table-forms.ts'
import {
  ALTER_TABLE,
  CREATE_INDEX,
  IDENTITY,
  isPart,
  isSame,
  OWNED_BY,
  type PartsOf,
  partsByTable,
  read,
  TWO,
} from './table-parts.ts'

/** A statement about the table, without its name, which may be another meanwhile. */
export interface AboutTable {
  readonly before: string
  readonly after: string
}

export interface ForeignKeyThen {
  readonly name: string
  readonly from: Table
  readonly to: Table
  readonly columns: readonly { readonly from: string; readonly to: string }[]
  readonly statement: string
  /** The statement that comments it; `null`: nothing did. */
  readonly comment: string | null
}

export interface Need {
  readonly type: string
  readonly schema: string | null
  readonly name: string
}

export interface TableDefinition extends Table {
  readonly owner: string
  readonly kind: 'table' | 'partitioned' | 'inherits' | 'ruled'
  /** Before its rows, and after them: what is computed and checked of them is in these. */
  readonly create: readonly AboutTable[]
  readonly finish: readonly AboutTable[]
  /** Sequences that are its own: those of identities come with a statement of `attach`. */
  readonly sequences: readonly (Table & { readonly column: string; readonly create: readonly string[] })[]
  /** Once it has its name: nothing of it looks at rows, and where reading its values may call something, it is said as the owner. */
  readonly attach: readonly string[]
  /** What the owner has to be able to use for that. */
  readonly ownerNeeds: readonly Need[]
  /** What makes its policies hold: last of all, since from then on rows may be hidden from who owns it, too. */
  readonly secure: readonly string[]
  readonly partition: PartitionThen | null
  /** From it to others. */
  readonly foreignKeys: readonly ForeignKeyThen[]
  readonly grants: readonly { readonly statement: string; readonly role: string }[]
  /** Names of indexes in its schema, those of constraints among them. */
  readonly indexes: readonly string[]
  /** Whom policies name. */
  readonly roles: readonly string[]
  readonly needs: readonly Need[]
  /** Statements of a form that is not known: with one of these it is not made. */
  readonly unknown: readonly string[]
  /** What is made of it and is not made again: views, publications. */
  readonly dependents: readonly string[]
}

export interface TableDefinitions {
  /** Those that the dump makes. */
  readonly tables: readonly TableDefinition[]
  /** To these from all others. */
  readonly inbound: readonly ForeignKeyThen[]
}

const CREATE_TABLE = new RegExp(`^(CREATE (?:UNLOGGED )?TABLE )${TWO}([\\s\\S]*)$`)
const INDEX_SETTING = new RegExp(`^ALTER INDEX ${TWO} (?:ALTER COLUMN|SET) `)
const CONSTRAINT = new RegExp(`^\\s+ADD CONSTRAINT (${NAME}) ([\\s\\S]*)$`)
const IS_INDEX = /^(?:PRIMARY KEY|UNIQUE|EXCLUDE)\b/
const NAMES = `\\((${NAME}(?:, ${NAME})*)\\)`
const FOREIGN_KEY = new RegExp(`^FOREIGN KEY ${NAMES} REFERENCES ${TWO}${NAMES}`)
const OWNER = / OWNER TO /
const FORCES_POLICIES = /^ (?:NO )?FORCE ROW LEVEL SECURITY$/
/** What is looked for by name where it is needed; what else there is stands and falls with these. */
const NEEDED: ReadonlySet<string> = new Set([
  ...[
    'TABLE',
    'VIEW',
    'FOREIGN TABLE',
    'MATERIALIZED VIEW',
    'SEQUENCE',
    'TYPE',
    'DOMAIN',
    'FUNCTION',
    'SCHEMA',
    'EXTENSION',
    'COLLATION',
  ],
])

/** @param whole with all partitions that those of them had which were partitioned, each after what it is of */
export function tableDefinitionsOf(
  entries: readonly DumpEntry[],
  chosen: readonly Table[],
  whole = false,
): TableDefinitions {
  const wanted = whole ? withPartitions(entries, chosen) : chosen
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const partsOf = partsByTable(entries)
  const keys = entries.flatMap((entry) => foreignKeyIn(entry, partsOf.said(entry.id)))
  const coming = wanted.flatMap((table) => {
    const own = partsOf.of(table)
    return own.flatMap((part) => sequenceIn(part, own)).filter(({ create }) => create.length > 0)
  })
  const tables = wanted.flatMap((table) => {
    const entry = entries.find(
      ({ type, schema, name }) => type === 'TABLE' && schema === table.schema && name === table.name,
    )
    return entry === undefined ? [] : [definitionOf(entry, { entries, byId, keys, partsOf, coming })]
  })
  const isWanted = (one: Table) => wanted.some(isSame(one))
  const inbound = keys.filter(({ from, to }) => isWanted(to) && !isWanted(from))
  return { tables, inbound: inbound.filter(({ statement }) => isKnown(statement)) }
}

interface Dump {
  readonly entries: readonly DumpEntry[]
  readonly byId: ReadonlyMap<number, DumpEntry>
  readonly keys: readonly ForeignKeyThen[]
  readonly partsOf: PartsOf
  /** Sequences that are made with the tables. */
  readonly coming: readonly Table[]
}

function definitionOf(entry: DumpEntry, { entries, byId, keys, partsOf, coming }: Dump): TableDefinition {
  const table = { schema: entry.schema ?? '', name: entry.name }
  const own = partsOf.of(table)
  const ids = new Set([entry.id, ...own.map(({ id }) => id)])
  const create: AboutTable[] = []
  const finish: AboutTable[] = []
  const attach: string[] = []
  const secure: string[] = []
  const indexes: string[] = []
  let kind: TableDefinition['kind'] = 'table'
  for (const statement of entry.statements) {
    const [, before, , , after] = CREATE_TABLE.exec(statement) ?? []
    if (before !== undefined && after !== undefined) {
      if (/\nPARTITION BY /.test(after)) kind = 'partitioned'
      else if (/^ OF /.test(after) || /\nINHERITS \(/.test(after)) kind = 'inherits'
      const counting = withoutNext(after, coming)
      create.push({ before, after: counting.after })
      attach.push(
        ...counting.defaults.map(
          (one) => `ALTER TABLE ONLY ${sqlName(table.schema)}.${sqlName(table.name)} ALTER COLUMN ${one}`,
        ),
      )
      continue
    }
    const altered = aboutTable(statement)
    if (altered === null || OWNER.test(altered.after)) continue
    if (FORCES_POLICIES.test(altered.after)) secure.push(statement)
    else create.push(altered)
  }
  for (const part of own) {
    if (part.type === 'RULE') kind = 'ruled'
    else if (part.type === 'ROW SECURITY') secure.push(...part.statements)
    else if (part.type === 'CONSTRAINT' || part.type === 'CHECK CONSTRAINT' || part.type === 'INDEX') {
      for (const statement of part.statements) {
        const [, before, index, , , after] = CREATE_INDEX.exec(statement) ?? []
        const altered = aboutTable(statement)
        if (before !== undefined && index !== undefined && after !== undefined) {
          finish.push({ before, after })
          indexes.push(nameRead(index))
        } else if (altered !== null) {
          finish.push(altered)
          const [, name, definition] = CONSTRAINT.exec(altered.after) ?? []
          if (name !== undefined && IS_INDEX.test(definition ?? '')) indexes.push(nameRead(name))
        } else if (INDEX_SETTING.test(statement)) attach.push(statement)
      }
    } else if (ATTACHED.has(part.type)) attach.push(...part.statements.filter((one) => !OWNER.test(one)))
  }
  const grants = own
    .filter(({ type }) => type === 'ACL')
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => {
      const role = GRANT.exec(statement)?.[1]
      return role === undefined ? [] : [{ statement, role: NOBODY.has(role) ? '' : nameRead(role) }]
    })
  const foreignKeys = keys.filter(({ from }) => isSame(table)(from))
  const sequences = own.flatMap((part) => sequenceIn(part, own))
  const partition = partitionIn(own)
  // What nobody knows is not said with our rights.
  const unknown = [
    ...[...attach, ...secure, ...sequences.flatMap((one) => one.create)],
    ...foreignKeys.flatMap(({ statement, comment }) => [statement, ...(comment === null ? [] : [comment])]),
    ...(partition === null ? [] : [partition.statement]),
  ].filter((statement) => !isKnown(statement))
  return {
    ...{ ...table, owner: entry.owner, kind, create, finish, attach, secure, indexes, grants },
    ...{ sequences, partition, foreignKeys, unknown },
    ownerNeeds: own
      .filter(({ type, statements }) => ATTACHED.has(type) && !statements.every(readsPlainly))
      .flatMap((part) => ownerNeedsOf(part, byId)),
    roles: own.flatMap(({ statements }) => statements).flatMap(rolesNamedIn),
    needs: needsOf([entry, ...own], ids, byId),
    dependents: entries
      .filter(
        ({ id, type, needs }) =>
          !ids.has(id) && !isPart(type) && needs.includes(entry.id) && type !== 'TABLE',
      )
      .map(({ type, schema, name }) => `${type} ${schema === null ? '' : `${schema}.`}${name}`),
  }
}

/** Said as they are, in the order of the dump. */
const ATTACHED: ReadonlySet<string> = new Set([
  'DEFAULT',
  'TRIGGER',
  'POLICY',
  'STATISTICS',
  'COMMENT',
  'IDENTITY',
])

function aboutTable(statement: string): AboutTable | null {
  const [, before, , , after] = ALTER_TABLE.exec(statement) ?? []
  return before === undefined || after === undefined ? null : { before, after }
}

/** @param said of it: its comment */
export function foreignKeyIn(entry: DumpEntry, said: readonly DumpEntry[]): ForeignKeyThen[] {
  if (entry.type !== 'FK CONSTRAINT') return []
  const [statement = ''] = entry.statements
  const [, , schema, name, after = ''] = ALTER_TABLE.exec(statement) ?? []
  const [, constraint, definition = ''] = CONSTRAINT.exec(after) ?? []
  const [, columns, toSchema, toName, referred] = FOREIGN_KEY.exec(definition) ?? []
  if (constraint === undefined || columns === undefined || referred === undefined) return []
  const to = namesRead(referred)
  const comment = said.find(({ type }) => type === 'COMMENT')
  return [
    {
      ...{ name: nameRead(constraint), from: read(schema, name), to: read(toSchema, toName) },
      columns: namesRead(columns).map((name, index) => ({ from: name, to: to[index] ?? '' })),
      ...{ statement, comment: comment?.statements[0] ?? null },
    },
  ]
}

function sequenceIn(part: DumpEntry, own: readonly DumpEntry[]): TableDefinition['sequences'][number][] {
  const [create = ''] = part.statements
  if (part.type === 'IDENTITY') {
    const [, , , column = '', schema, name] = IDENTITY.exec(create) ?? []
    return [{ ...read(schema, name), column: nameRead(column), create: [] }]
  }
  if (part.type !== 'SEQUENCE') return []
  const owned = own.find(({ type, needs }) => type === 'SEQUENCE OWNED BY' && needs.includes(part.id))
  const [, schema, name, , , column = ''] = OWNED_BY.exec(owned?.statements[0] ?? '') ?? []
  return [{ ...read(schema, name), column: nameRead(column), create: [create, owned?.statements[0] ?? ''] }]
}

/** To say it: names are looked up, a trigger's function is to be called, and statistics are made in a schema. */
function ownerNeedsOf(part: DumpEntry, byId: ReadonlyMap<number, DumpEntry>): Need[] {
  const { type, schema, name } = part
  const needs = needsOf([part], new Set(), byId).flatMap((need) => [
    ...(need.schema === null ? [] : [{ type: 'SCHEMA', schema: null, name: need.schema }]),
    ...(need.type === 'FUNCTION' && type !== 'TRIGGER' ? [] : [need]),
  ])
  return type === 'STATISTICS' ? [...needs, { type, schema, name }] : needs
}

function needsOf(
  all: readonly DumpEntry[],
  ids: ReadonlySet<number>,
  byId: ReadonlyMap<number, DumpEntry>,
): Need[] {
  const found = new Map<string, Need>()
  for (const { schema } of all)
    if (schema !== null) found.set(`SCHEMA .${schema}`, { type: 'SCHEMA', schema: null, name: schema })
  for (const id of all.flatMap(({ needs }) => needs)) {
    const one = byId.get(id)
    if (one === undefined || ids.has(id) || !NEEDED.has(one.type)) continue
    const { type, schema, name } = one
    found.set(`${type} ${schema ?? ''}.${name}`, { type, schema, name })
  }
  return [...found.values()]
}
