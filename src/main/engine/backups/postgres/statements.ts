/** Statements as PostgreSQL's own programs write them, taken apart as far as a restore needs to know. Pure. */

/** A name, quoted where it needs that. */
export const NAME = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)`
/** A text, as it is written with `standard_conforming_strings`; `pg_dumpall` writes one with a backslash as `E'…'`. */
export const TEXT = String.raw`(?:'(?:[^']|'')*'|E'(?:[^'\\]|''|\\[\s\S])*')`

/** Comments and what is said to `psql` (`\connect`) are left out; what is within quotes is no end of a statement. */
const PIECE = /^\\[^\n]*|--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|;|[^'";\n-]+|[\s\S]/gm

export function statementsOf(sql: string): string[] {
  const statements: string[] = []
  let statement = ''
  for (const [piece] of sql.matchAll(PIECE)) {
    if (piece === ';') {
      statements.push(statement.trim())
      statement = ''
    } else if (!piece.startsWith('\\') && !piece.startsWith('--')) statement += piece
  }
  return statements
}

/** The text itself. */
export function textIn(written: string): string {
  return written.startsWith('E')
    ? written.slice(2, -1).replaceAll(/''|\\([\s\S])/g, (_, escaped: string | undefined) => escaped ?? "'")
    : written.slice(1, -1).replaceAll("''", "'")
}

/** The name itself. */
export function nameIn(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
}
