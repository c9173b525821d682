/** Roles that a dump names otherwise than as owners and in grants: in policies and in mappings of users. Pure. */
import { NAME, nameIn } from './statements.ts'

const POLICY = new RegExp(
  `^CREATE POLICY ${NAME} ON (?:${NAME}\\.)?${NAME}(?: AS \\w+)?(?: FOR \\w+)? TO (${NAME}(?:, ${NAME})*)`,
)
const MAPPING = new RegExp(`^CREATE USER MAPPING FOR (${NAME}) SERVER`)
const NAMES = new RegExp(NAME, 'g')
/** Words of SQL in the place of a name. */
export const NOBODY: ReadonlySet<string> = new Set([
  'PUBLIC',
  'public',
  'CURRENT_USER',
  'SESSION_USER',
  'CURRENT_ROLE',
])

/** @param statement of an entry of a dump */
export function rolesNamedIn(statement: string): string[] {
  const names = POLICY.exec(statement)?.[1] ?? MAPPING.exec(statement)?.[1] ?? ''
  return (names.match(NAMES) ?? []).filter((name) => !NOBODY.has(name) && !name.startsWith('pg_')).map(nameIn)
}
