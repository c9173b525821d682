/** Which settings of a database hold already while it is filled, so that what a restore computes (views that keep rows, checks, indexes) comes out as it was. Pure. */
import { NAME, nameIn } from './statements.ts'

/**
 * What would be in the way of who fills it: nothing may be written; a session is ended, or gives up, that takes long; it is somebody else; a library does in it what it likes; files lie
 * elsewhere than the dump says, or may not be as large as an index takes; `NULL` within an array is taken for a word. Names of one's own have a dot.
 */
const HINDERS =
  /^(?:default_transaction_\w+|\w+_timeout|role|session_authorization|(?:local|session)_preload_libraries|default_tablespace|temp_file_limit|array_nulls)$/
/** What whoever fills it says as each session begins, and what only sessions themselves go by: nothing is computed by what the database has of these. */
const SAID =
  /^(?:application_name|check_function_bodies|client_encoding|client_min_messages|exit_on_error|row_security|search_path|standard_conforming_strings|tcp_\w+|xmloption)$/
const SET = new RegExp(`^ SET (${NAME}(?:\\.${NAME})*) TO `)

export function holdsWhileFilled(parameter: string): boolean {
  return !HINDERS.test(parameter.toLowerCase())
}

/** Whether it is for sessions that fill it, too, where those alone have it: the database has not. */
export function holdsInSessions(parameter: string): boolean {
  return holdsWhileFilled(parameter) && !SAID.test(parameter.toLowerCase())
}

/** The parameter that a statement sets, by what stands behind the database's name; `null`: it sets none. */
export function parameterIn(after: string): string | null {
  const written = SET.exec(after)?.[1]
  return written === undefined ? null : nameIn(written)
}
