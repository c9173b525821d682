/**
 * Who says which part of a dump in a drill. A role without rights says whatever runs something of the database, and all that is not told otherwise here; the
 * superuser says what takes one and only names things, each as one statement of a known form; what would be code of the server's machine is left out. Pure.
 */
import { isOfDatabase } from './database-entries.ts'
import { AT_THE_END, IN_THE_MIDDLE, isOwned, isOwner } from './drill-forms.ts'
import type { DumpEntry } from './dump-entries.ts'
import { NAME } from './names-written.ts'

export interface DrillPlan {
  /** What is said before the program restores the rest, because something that it restores may need it. */
  readonly before: readonly { readonly by: 'role' | 'superuser'; readonly statements: readonly string[] }[]
  /** Ids of the entries that the program does not restore. */
  readonly not: ReadonlySet<number>
  /** What the superuser says at the end, when nothing of the database is run any more. */
  readonly after: readonly string[]
  /** What is not tried: `FUNCTION public.f(integer)`. */
  readonly without: readonly string[]
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
  /** Settings that only a superuser may change. */
  readonly reserved: ReadonlySet<string>
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
])
const FUNCTIONS: ReadonlySet<string> = new Set(['FUNCTION', 'PROCEDURE'])
/** Without it rows would be missing. */
const HOLDS_ROWS: ReadonlySet<string> = new Set(['TABLE', 'TABLE ATTACH', 'SEQUENCE', 'SCHEMA'])
/** As a function says it ahead of its body. */
const LANGUAGE = new RegExp(`^ {4}LANGUAGE (${NAME})(.*)$`, 'm')
const SETS = new RegExp(`^    SET (${NAME}(?:\\.${NAME})?) TO `, 'gm')
/** What the program says between two entries, for those that follow. */
const BETWEEN = /^SET default_/
/** Read leniently, it is not what was written. */
const GARBLED = '\uFFFD'

export function drillPlan(entries: readonly DumpEntry[], terms: DrillTerms): DrillPlan {
  const { not, impossible } = leftOut(entries, terms)
  const without = entries.filter(({ id }) => not.has(id)).map(titleOf)
  const before: { by: 'role' | 'superuser'; statements: string[] }[] = []
  const lastInTheMiddle = entries.findLastIndex(({ id, type }) => IN_THE_MIDDLE.has(type) && !not.has(id))
  let between: string[] = []
  const [owners, after, last]: [string[], string[], string[]] = [[], [], []]
  for (const [index, entry] of entries.entries()) {
    const { id, type, name, statements } = entry
    if (index <= lastInTheMiddle && between.length > 0) before.push({ by: 'role', statements: between })
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
      if (known.length < own.length || own.some(isGarbled)) without.push(titleOf(entry))
      else (type === 'EVENT TRIGGER' ? last : after).push(...known)
    } else if (type === 'EXTENSION' || isThere(entry, terms)) not.add(id)
    else if (index <= lastInTheMiddle) {
      not.add(id)
      before.push({ by: IN_THE_MIDDLE.has(type) ? 'superuser' : 'role', statements: own })
    }
  }
  return {
    before,
    not,
    after: [...owners.filter((one) => !isGarbled(one)), ...after, ...last],
    without,
    impossible,
  }
}

/** What is code of the machine, and what needs that. */
function leftOut(
  entries: readonly DumpEntry[],
  terms: DrillTerms,
): { readonly not: Set<number>; readonly impossible: DrillPlan['impossible'] } {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const not = new Set(entries.filter((entry) => takesMachine(entry, terms)).map(({ id }) => id))
  // A dependency may stand behind what depends on it.
  for (let found = -1; found < not.size; ) {
    found = not.size
    for (const { id, type, name, schema, needs } of entries) {
      const missing = not.has(id) ? undefined : needs.find((one) => not.has(one))
      const needed = missing === undefined ? undefined : byId.get(missing)
      if (needed === undefined) continue
      if (HOLDS_ROWS.has(type))
        return { not, impossible: { table: `${schema ?? ''}.${name}`, needs: titleOf(needed) } }
      not.add(id)
    }
  }
  return { not, impossible: null }
}

function takesMachine({ type, statements }: DumpEntry, { languages, reserved }: DrillTerms): boolean {
  const [made = ''] = statements
  if (LEFT.has(type)) return true
  const form = IN_THE_MIDDLE.get(type)
  if (form !== undefined) return ownOf(statements).some((one) => isGarbled(one) || !form(one))
  if (type === 'TYPE') return /^CREATE TYPE .+ \(\s+INTERNALLENGTH = /.test(made)
  if (type === 'AGGREGATE') return /\n {4}M?STYPE = internal\b/.test(made)
  if (!FUNCTIONS.has(type)) return false
  const [, language = '', attributes = ''] = LANGUAGE.exec(made) ?? []
  if (!languages.has(language.replaceAll('"', ''))) return true
  // Those of its body come later.
  const [head = ''] = made.split(/\n {4}AS |\n *BEGIN ATOMIC|\n *RETURN /)
  return (
    /\b(?:LEAKPROOF|SUPPORT)\b/.test(attributes) ||
    [...head.matchAll(SETS)].some(([, name = '']) => reserved.has(name.replaceAll('"', '').toLowerCase()))
  )
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

function titleOf({ type, name, schema }: DumpEntry): string {
  return `${type} ${schema === null ? '' : `${schema}.`}${name}`
}
