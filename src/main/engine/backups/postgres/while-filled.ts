/** Which settings of a database hold already while it is filled, so that what a restore computes (views that keep rows, checks, indexes) comes out as it was. Pure. */
import { NAME, nameIn } from './statements.ts'

/**
 * What would be in the way of who fills it: nothing may be written; a session is ended, or gives up, that takes long; it is somebody else; a library does in it what it likes; files lie
 * elsewhere than the dump says, or may not be as large as an index takes; `NULL` within an array is taken for a word. Names of one's own have a dot.
 */
const HINDERS =
  /^(?:default_transaction_\w+|\w+_timeout|role|session_authorization|(?:local|session)_preload_libraries|default_tablespace|temp_file_limit|array_nulls)$/
const SET = new RegExp(`^ SET (${NAME}(?:\\.${NAME})*) TO `)

export function holdsWhileFilled(parameter: string): boolean {
  return !HINDERS.test(parameter.toLowerCase())
}

/** The parameter that a statement sets, by what stands behind the database's name; `null`: it sets none. */
export function parameterIn(after: string): string | null {
  const written = SET.exec(after)?.[1]
  return written === undefined ? null : nameIn(written)
}
