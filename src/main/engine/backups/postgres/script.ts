/** What `pg_restore` writes as a script for `psql`, made into what a server is told over a session: without what only `psql` understands. Pure. */

/** Since 2025 a script begins and ends so, with a word that nobody could have written into the dump. */
const RESTRICT = /^\\restrict (\w+)$/
/** Each entry begins with one, after what holds for all of them; a name has no line of its own in it. */
const ENTRY = /^-- (?:Data for )?Name: /
const PUBLIC = '-- Name: public; Type: SCHEMA;'
const ENCODING = /^SET client_encoding = '([^']+)';$/

/** What a line of the script says for itself, and is not said to the server. */
export interface ScriptLines {
  /** `null`: it is not for the server. */
  take(line: string): string | null
  /** That of its text; `null`: it said nothing so far. */
  encoding(): string | null
}

/** @param version `server_version_num` of who is told */
export function createScriptLines(version: number): ScriptLines {
  let word: string | null = null
  let encoding: string | null = null
  let isHeader = true
  let makesPublic = false
  return {
    take(line) {
      const [, opens] = RESTRICT.exec(line) ?? []
      if (isHeader && word === null && opens !== undefined) {
        word = opens
        return null
      }
      if (word !== null && line === `\\unrestrict ${word}`) return null
      if (ENTRY.test(line)) {
        isHeader = false
        makesPublic = line.startsWith(PUBLIC)
      } else if (isHeader) {
        encoding ??= ENCODING.exec(line)?.[1] ?? null
        // A newer program than the server writes it all the same.
        if (version < 170_000 && line === 'SET transaction_timeout = 0;') return null
      } else if (makesPublic && line !== '' && !line.startsWith('--')) {
        makesPublic = false
        // It is there, as in every database that was made anew.
        if (line === 'CREATE SCHEMA public;') return null
      }
      // Whatever else looks like that is the text of a function.
      return line
    },
    encoding: () => encoding,
  }
}

/** Large objects are written a transaction each, where there is not one for all; these lines stand alone between the blocks of rows. */
export function isTransactionOfItsOwn(line: string): boolean {
  return line === 'BEGIN;' || line === 'COMMIT;'
}

/** A statement of one line, after which what was gathered can be said. */
export function isWholeStatement(line: string): boolean {
  return /^SELECT pg_catalog\.(?:setval|lo_open|lowrite|lo_close)\(.*\);$/.test(line)
}
