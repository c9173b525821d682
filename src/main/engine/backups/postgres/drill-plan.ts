/**
 * Who says which part of a dump in a drill. A role without rights says whatever runs something of the database, and all that is not told otherwise here; the
 * superuser says what takes one and only names things, each as one statement of a known form; what would be code of the server's machine is left out. Pure.
 */
import { isOfDatabase } from './database-entries.ts'
import { AT_THE_END, IN_THE_MIDDLE, isOwned, isOwner } from './drill-forms.ts'
import type { DumpEntry } from './dump-entries.ts'
import { NAME } from './names-written.ts'
import type { Table } from './snapshot.ts'
import { foreignKeyIn } from './table-definitions.ts'
import { isSame, read, TWO } from './table-parts.ts'

export interface DrillPlan {
  /** What is said before the program restores the rest, because something that it restores may need it. */
  readonly before: readonly { readonly by: 'role' | 'superuser'; readonly statements: readonly string[] }[]
  /** Ids of the entries that the program does not restore. */
  readonly not: ReadonlySet<number>
  /** What the superuser says at the end, when nothing of the database is run any more. */
  readonly after: readonly string[]
  /** What is not tried: `FUNCTION public.f(integer)`. */
  readonly without: readonly string[]
  /** The type of each of those. */
  readonly left: readonly string[]
  /** A table that cannot be made without them. */
  readonly impossible: { readonly table: string; readonly needs: string } | null
}

export interface DrillTerms {
  /** Schemas that are there already. */
  readonly schemas: readonly string[]
  /** Whether the roles are there that things belong to. */
  readonly hasRoles: boolean
  /** Languages in which everybody may make functions. */
  readonly languages: ReadonlySet<string>
  /** Settings that everybody may change, in small letters. */
  readonly settings: ReadonlySet<string>
  /** Tables of extensions: nobody else may refer to one. */
  readonly extended: readonly Table[]
}

/** Code of the server's machine, or what leads to it. */
const LEFT: ReadonlySet<string> = new Set([
  'ACCESS METHOD',
  'PROCEDURAL LANGUAGE',
  'SECURITY LABEL',
  'SHELL TYPE',
  // A server of whoever made it would be connected to.
  'SUBSCRIPTION',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
  'TRANSFORM',
  // Some of its options are a superuser's, and its password is of no use here.
  'USER MAPPING',
])
const FUNCTIONS: ReadonlySet<string> = new Set(['FUNCTION', 'PROCEDURE'])
/** Without it rows would be missing. */
const HOLDS_ROWS: ReadonlySet<string> = new Set(['TABLE', 'TABLE ATTACH', 'SEQUENCE', 'SCHEMA'])
/** As a function says it ahead of its body. */
const LANGUAGE = new RegExp(`^ {4}LANGUAGE (${NAME})(.*)$`, 'm')
/** Options of a foreign table that is a file, or what a program writes. */
const READS_MACHINE = /^ {4}(?:filename|program) '/m
const NAMED = new RegExp(TWO, 'g')
const INHERITS = /^INHERITS \((.*)\)/m
const SETS = new RegExp(`^    SET (${NAME}(?:\\.${NAME})?) TO `, 'gm')
/** What the program says between two entries, for those that follow. */
const BETWEEN = /^SET default_/
/** Read leniently, it is not what was written. */
const GARBLED = '\uFFFD'

export function drillPlan(entries: readonly DumpEntry[], terms: DrillTerms): DrillPlan {
  const asWritten = leftOut(entries, terms)
  // What stands before them would be said in other words than its own.
  const { not, impossible } = isGarbledInTheMiddle(entries, asWritten.not)
    ? leftOut(
        entries,
        terms,
        entries.filter(({ type }) => IN_THE_MIDDLE.has(type)),
      )
    : asWritten
  const untried = entries.filter(({ id }) => not.has(id))
  const before: { by: 'role' | 'superuser'; statements: string[] }[] = []
  const last = lastInTheMiddle(entries, not)
  let between: string[] = []
  const [owners, after, atLast]: [string[], string[], string[]] = [[], [], []]
  for (const [index, entry] of entries.entries()) {
    const { id, type, name, statements } = entry
    if (index <= last && between.length > 0) before.push({ by: 'role', statements: between })
    between = statements.filter((statement) => BETWEEN.test(statement))
    if (not.has(id)) continue
    if (isOfDatabase(entry)) {
      not.add(id)
      continue
    }
    if (terms.hasRoles && isOwned(type)) owners.push(...statements.filter(isOwner))
    const own = ownOf(statements)
    const forms = AT_THE_END.get(type)
    if (forms !== undefined) {
      not.add(id)
      const isOfRoles = type === 'ACL' || type === 'DEFAULT ACL'
      if (isOfRoles && !terms.hasRoles) continue
      // Whatever is said of one would run it.
      if (type === 'COMMENT' && name.startsWith('EVENT TRIGGER ')) continue
      const known = own.filter((statement) => forms.some((form) => form.test(statement)))
      if (known.length < own.length || own.some(isGarbled)) untried.push(entry)
      else (type === 'EVENT TRIGGER' ? atLast : after).push(...known)
    } else if (type === 'EXTENSION' || isThere(entry, terms)) not.add(id)
    else if (index <= last) {
      not.add(id)
      before.push({ by: IN_THE_MIDDLE.has(type) ? 'superuser' : 'role', statements: own })
    }
  }
  return {
    before,
    not,
    after: [...owners.filter((one) => !isGarbled(one)), ...after, ...atLast],
    without: untried.map(titleOf),
    left: untried.map(({ type }) => type),
    impossible,
  }
}

/** What is code of the machine, and what needs that. */
function leftOut(
  entries: readonly DumpEntry[],
  terms: DrillTerms,
  besides: readonly DumpEntry[] = [],
): { readonly not: Set<number>; readonly impossible: DrillPlan['impossible'] } {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const not = new Set(
    [...entries.filter((entry) => takesRights(entry, terms)), ...besides].map(({ id }) => id),
  )
  for (const entry of entries) {
    const whole = inheritedBy(entry).find((one) => terms.extended.some(isSame(one)))
    if (whole !== undefined)
      return {
        not,
        impossible: { table: titleWithin(entry), needs: `TABLE ${titleWithin(whole)}` },
      }
  }
  // A dependency may stand behind what depends on it.
  for (let found = -1; found < not.size; ) {
    found = not.size
    for (const { id, type, name, schema, needs } of entries) {
      const missing = not.has(id) ? undefined : needs.find((one) => not.has(one))
      const needed = missing === undefined ? undefined : byId.get(missing)
      if (needed === undefined) continue
      if (HOLDS_ROWS.has(type))
        return { not, impossible: { table: titleWithin({ schema, name }), needs: titleOf(needed) } }
      not.add(id)
    }
  }
  return { not, impossible: null }
}

function takesRights(entry: DumpEntry, { languages, settings, extended }: DrillTerms): boolean {
  const { type, statements } = entry
  const [made = ''] = statements
  if (LEFT.has(type)) return true
  const form = IN_THE_MIDDLE.get(type)
  if (form !== undefined) return ownOf(statements).some((one) => isGarbled(one) || !form(one))
  if (type === 'TYPE') return /^CREATE TYPE .+ \(\s+INTERNALLENGTH = /.test(made)
  if (type === 'AGGREGATE') return /\n {4}M?STYPE = internal\b/.test(made)
  if (type === 'FOREIGN TABLE') return READS_MACHINE.test(made)
  if (type === 'FK CONSTRAINT') return foreignKeyIn(entry, []).some(({ to }) => extended.some(isSame(to)))
  if (!FUNCTIONS.has(type)) return false
  const [, language = '', attributes = ''] = LANGUAGE.exec(made) ?? []
  if (!languages.has(language.replaceAll('"', ''))) return true
  // Those of its body come later.
  const [head = ''] = made.split(/\n {4}AS |\n *BEGIN ATOMIC|\n *RETURN /)
  return (
    /\b(?:LEAKPROOF|SUPPORT)\b/.test(attributes) ||
    [...head.matchAll(SETS)].some(([, name = '']) => !settings.has(name.replaceAll('"', '').toLowerCase()))
  )
}

function inheritedBy({ type, statements }: DumpEntry): Table[] {
  const [, written = ''] = type === 'TABLE' ? (INHERITS.exec(statements[0] ?? '') ?? []) : []
  return [...written.matchAll(NAMED)].map(([, schema, name]) => read(schema, name))
}

function lastInTheMiddle(entries: readonly DumpEntry[], not: ReadonlySet<number>): number {
  return entries.findLastIndex(({ id, type }) => IN_THE_MIDDLE.has(type) && !not.has(id))
}

function isGarbledInTheMiddle(entries: readonly DumpEntry[], not: ReadonlySet<number>): boolean {
  return entries
    .slice(0, lastInTheMiddle(entries, not) + 1)
    .filter(({ id, type }) => !not.has(id) && !AT_THE_END.has(type))
    .some(({ statements }) => ownOf(statements).some(isGarbled))
}

function ownOf(statements: readonly string[]): string[] {
  return statements.filter((statement) => !isOwner(statement) && !BETWEEN.test(statement))
}

function isThere({ type, name }: DumpEntry, { schemas }: DrillTerms): boolean {
  return type === 'SCHEMA' && schemas.includes(name)
}

function isGarbled(statement: string): boolean {
  return statement.includes(GARBLED)
}

function titleOf({ type, ...named }: DumpEntry): string {
  return `${type} ${titleWithin(named)}`
}

function titleWithin({ schema, name }: Pick<DumpEntry, 'schema' | 'name'>): string {
  return schema === null ? name : `${schema}.${name}`
}
