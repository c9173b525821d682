/**
 * What a dump says of its database itself, which only `pg_restore --create` would use: how it is made, whose it is, its settings and grants. The database
 * may get another name, so each statement is kept as what stands before the name and what after it. Pure.
 */
import type { DumpEntry } from './dump-entries.ts'
import { sqlName } from './quote.ts'
import { NAME, nameIn, TEXT } from './statements.ts'

export interface DatabaseEntries {
  /** Options of `CREATE DATABASE`, as they are written there; empty: the dump says nothing of its database. */
  readonly create: Readonly<Record<string, string>>
  readonly owner: string | null
  /** As it is written. */
  readonly comment: string | null
  /** Settings, grants and the limit of connections. */
  readonly statements: readonly { readonly before: string; readonly after: string }[]
  /** Whom these statements name. */
  readonly roles: readonly string[]
}

const TYPES: ReadonlySet<string> = new Set(['DATABASE', 'DATABASE PROPERTIES'])
const ABOUT: ReadonlySet<string> = new Set(['ACL', 'COMMENT', 'SECURITY LABEL'])
const CREATE = new RegExp(`^CREATE DATABASE ${NAME} WITH (.*)$`, 's')
const OPTION = new RegExp(`(\\w+) = (${TEXT}|${NAME})`, 'g')
const OWNER = new RegExp(`^ALTER DATABASE ${NAME} OWNER TO (${NAME})$`)
const COMMENT = new RegExp(`^COMMENT ON DATABASE ${NAME} IS (${TEXT})$`)
const SETTING = new RegExp(`^(ALTER DATABASE )${NAME}( (?:SET (?!TABLESPACE)|CONNECTION LIMIT ).*)$`, 's')
const OF_ROLE = new RegExp(`^(ALTER ROLE (${NAME}) IN DATABASE )${NAME}( SET .*)$`, 's')
const GRANT = new RegExp(
  `^((?:GRANT|REVOKE)(?: GRANT OPTION FOR)? [A-Z, ]+ ON DATABASE )${NAME}( (?:TO|FROM) (${NAME})(?: WITH GRANT OPTION)?)$`,
)

/** @param entries of what `pg_restore --create --schema-only --verbose` writes */
export function databaseEntriesOf(entries: readonly DumpEntry[]): DatabaseEntries {
  let create: Record<string, string> = {}
  let owner: string | null = null
  let comment: string | null = null
  const statements: { before: string; after: string }[] = []
  const roles = new Set<string>()
  for (const statement of entries.filter(isOfDatabase).flatMap(({ statements: said }) => said)) {
    const [, options] = CREATE.exec(statement) ?? []
    if (options !== undefined)
      create = Object.fromEntries(
        [...options.matchAll(OPTION)].map(([, key = '', value = '']) => [key, value]),
      )
    owner = written(OWNER, statement) ?? owner
    comment = COMMENT.exec(statement)?.[1] ?? comment
    const [, before = '', after] = SETTING.exec(statement) ?? []
    if (after !== undefined) statements.push({ before, after })
    const ofRole = OF_ROLE.exec(statement)
    if (ofRole !== null) {
      statements.push({ before: ofRole[1] ?? '', after: ofRole[3] ?? '' })
      roles.add(nameIn(ofRole[2] ?? ''))
    }
    const grant = GRANT.exec(statement)
    if (grant !== null) {
      statements.push({ before: grant[1] ?? '', after: grant[2] ?? '' })
      if (grant[3] !== 'PUBLIC') roles.add(nameIn(grant[3] ?? ''))
    }
  }
  if (owner !== null) roles.add(owner)
  return { create, owner, comment, statements, roles: [...roles] }
}

function written(pattern: RegExp, statement: string): string | null {
  const name = pattern.exec(statement)?.[1]
  return name === undefined ? null : nameIn(name)
}

/** Whether it is of the database itself, and not of what is in it. */
export function isOfDatabase({ type, name }: Pick<DumpEntry, 'type' | 'name'>): boolean {
  return TYPES.has(type) || (ABOUT.has(type) && name.startsWith('DATABASE '))
}

/** `CREATE DATABASE` for an empty one of another name, on a server of this version. */
export function createFrom(
  { create, owner }: Pick<DatabaseEntries, 'create' | 'owner'>,
  name: string,
  version: number,
): string {
  const { LOCALE, LOCALE_PROVIDER } = create
  const options: Record<string, string | undefined> = {
    ENCODING: create.ENCODING,
    LC_COLLATE: create.LC_COLLATE ?? LOCALE,
    LC_CTYPE: create.LC_CTYPE ?? LOCALE,
    // Servers before 15 know of no other, and not the word.
    LOCALE_PROVIDER: version < 150_000 && LOCALE_PROVIDER === 'libc' ? undefined : LOCALE_PROVIDER,
    ICU_LOCALE: create.ICU_LOCALE,
    ICU_RULES: create.ICU_RULES,
    BUILTIN_LOCALE: create.BUILTIN_LOCALE,
  }
  return [
    `CREATE DATABASE ${sqlName(name)} TEMPLATE template0`,
    ...(owner === null ? [] : [`OWNER ${sqlName(owner)}`]),
    ...Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`])),
  ].join(' ')
}
