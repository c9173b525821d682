/**
 * Settings of a database as a dump has them, for the sessions of a role without rights that fills another one: each session has them for itself, as far as that role may set them.
 * So what a drill computes comes out as in a restore, and nothing of the dump is in force for anybody else.
 */
import { type Client, DatabaseError } from 'pg'
import type { DatabaseEntries } from './database-entries.ts'
import { NAME, nameIn, TEXT, textIn } from './statements.ts'
import { holdsInSessions } from './while-filled.ts'

export interface Setting {
  readonly name: string
  readonly value: string
}

const OF_DATABASE = 'ALTER DATABASE '
/** Lists of several names stand otherwise: those that there are name schemas, libraries and tablespaces, none of which is wanted. */
const SET = new RegExp(`^ SET (${NAME}(?:\\.${NAME})*) TO (${TEXT})$`)
/** At a login others are read as something else: `-` as `_`, and what stands behind `=` as the value. */
const SAYABLE = /^[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)*$/
/** Read leniently, it is not what was written. */
const GARBLED = '\uFFFD'
/** A server takes 10 000 for all that is said to it at a login. */
const MOST_BYTES = 8_000

/** Those of the database itself, but for what hinders who fills it and what is none of a session's. Pure. */
export function settingsIn({
  create,
  statements,
}: Pick<DatabaseEntries, 'create' | 'statements'>): Setting[] {
  const isUnicode = create.ENCODING === `'UTF8'`
  return statements.flatMap(({ before, after }) => {
    const [, written, text] = before === OF_DATABASE ? (SET.exec(after) ?? []) : []
    if (written === undefined || text === undefined) return []
    const [name, value] = [nameIn(written), textIn(text)]
    // What is said at a login is not converted.
    const isReadable = isUnicode ? !value.includes(GARBLED) : isPlain(value)
    return SAYABLE.test(name) && isReadable && holdsInSessions(name) ? [{ name, value }] : []
  })
}

/** What libpq takes for `options` (section 34.1.2 of the manual): a backslash takes what stands behind it for no end of a word. Pure. */
export function loginOptions(settings: readonly Setting[]): string {
  return settings
    .map(({ name, value }) => `-c ${name}=${value.replaceAll(/[\\\s]/g, (character) => `\\${character}`)}`)
    .join(' ')
}

/** Those that can be said at a login of a server that says this of itself. Pure. */
export function sayableAtLogin(settings: readonly Setting[], version: string): Setting[] {
  // There bytes of letters (0x85, 0xA0) are spaces, too, between which no backslash can be written.
  const isSplit = version.includes('darwin')
  const sayable: Setting[] = []
  for (const setting of settings)
    if (
      !(isSplit && !isPlain(setting.value)) &&
      Buffer.byteLength(loginOptions([...sayable, setting])) <= MOST_BYTES
    )
      sayable.push(setting)
  return sayable
}

/** As far as whoever's session it is may; what is said in it later stands above them. @returns those that are in force */
export async function setInSession(
  client: Pick<Client, 'query'>,
  settings: readonly Setting[],
): Promise<Setting[]> {
  const set: Setting[] = []
  for (const setting of settings) {
    try {
      await client.query('SELECT pg_catalog.set_config($1, $2, false)', [setting.name, setting.value])
      set.push(setting)
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
    }
  }
  return set
}

/** Tries them in a session of who is to have them: a login with one that may not be set would be refused. @returns those that can be had */
export async function trySettings(
  client: Pick<Client, 'query'>,
  settings: readonly Setting[],
): Promise<Setting[]> {
  const { rows } = await client.query<{ version: string }>('SELECT pg_catalog.version() AS version')
  return sayableAtLogin(await setInSession(client, settings), rows[0]?.version ?? '')
}

/** Of letters that every encoding has alike. */
function isPlain(value: string): boolean {
  return Buffer.byteLength(value) === value.length
}
