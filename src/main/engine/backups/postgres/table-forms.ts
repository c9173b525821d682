/** The forms of statements that tables of a dump are furnished with where we say them with our own rights: anything else is not said. Pure. */
import { NAME } from './names-written.ts'
import { TWO } from './table-parts.ts'

const COLUMNS = `\\((?:${NAME})(?:, ?${NAME})*\\)`
/** How rights are given and taken, up to what they are on: membership of roles is on nothing. Each word by its letters, which can be read in one way only. */
export const PRIVILEGES = `^(?:GRANT|REVOKE)(?: GRANT OPTION FOR)? (?:[A-Z, ]|${COLUMNS})+`
/** Rights on tables, their columns and sequences. */
export const GRANT = new RegExp(
  `${PRIVILEGES} ON (?:TABLE|SEQUENCE) (?:${NAME})\\.(?:${NAME}) (?:TO|FROM) (${NAME})(?: WITH GRANT OPTION)?$`,
)

/** Bounds are evaluated where they are said. */
const VALUE = `(?:-?[\\d.]+(?:e[-+]?\\d+)?|[EB]?'(?:[^']|'')*'|NULL|true|false|MINVALUE|MAXVALUE)`
const VALUES = `\\(${VALUE}(?:, ${VALUE})*\\)`

const FORMS: readonly RegExp[] = [
  `ALTER TABLE (?:ONLY )?${TWO} ALTER COLUMN ${NAME} (?:SET DEFAULT|ADD GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY) `,
  `ALTER TABLE (?:ONLY )?${TWO} (?:ENABLE|DISABLE)(?: ALWAYS| REPLICA)? TRIGGER ${NAME}$`,
  `ALTER TABLE (?:ONLY )?${TWO} (?:ENABLE|FORCE|NO FORCE) ROW LEVEL SECURITY$`,
  `ALTER TABLE (?:ONLY )?${TWO}\\s+ADD CONSTRAINT ${NAME} FOREIGN KEY \\(`,
  `ALTER TABLE (?:ONLY )?${TWO} ATTACH PARTITION ${TWO} (?:DEFAULT|FOR VALUES (?:IN ${VALUES}|FROM ${VALUES} TO ${VALUES}|WITH \\(modulus \\d+, remainder \\d+\\)))$`,
  `ALTER INDEX ${TWO} (?:ALTER COLUMN \\d+ SET STATISTICS -?\\d+|SET \\([^;()]*\\))$`,
  `ALTER SEQUENCE ${TWO} OWNED BY ${TWO}\\.${NAME}$`,
  `ALTER STATISTICS ${TWO} SET STATISTICS -?\\d+$`,
  `CREATE (?:UNLOGGED )?SEQUENCE ${TWO}[\\w\\s-]*$`,
  `CREATE (?:CONSTRAINT )?TRIGGER ${NAME} `,
  `CREATE POLICY ${NAME} ON `,
  `CREATE STATISTICS ${TWO} `,
  `COMMENT ON (?:TABLE|COLUMN|CONSTRAINT|INDEX|TRIGGER|POLICY|SEQUENCE|STATISTICS) `,
].map((form) => new RegExp(`^${form}`))

export function isKnown(statement: string): boolean {
  return FORMS.some((form) => form.test(statement)) && (!/^ALTER TABLE /.test(statement) || isOne(statement))
}

/** As the server tells them apart: texts, names, words, numbers, and all else by itself. */
const PIECE =
  /"(?:[^"]|"")*"|[eE]?'(?:[^']|'')*'|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d+|--|\/\*|[\s\S]/g
/** Its end is where it seems to be, whether or not a backslash escapes what follows it. */
const TEXT = /^[eE]?'(?:[^'\\]|''|\\[\s\S])*'$/
/** What hides the rest, or may. */
const HIDES: ReadonlySet<string> = new Set(['--', '/*', '$', '"', "'", "E'", "e'"])

/** Whether it changes one thing: after a comma such a statement goes on to another. */
function isOne(statement: string): boolean {
  let depth = 0
  for (const [piece] of statement.matchAll(PIECE)) {
    if (HIDES.has(piece) || (piece.endsWith("'") && !TEXT.test(piece))) return false
    if (piece === '(' || piece === '[') depth++
    else if (piece === ')' || piece === ']') depth--
    else if (piece === ',' && depth < 1) return false
  }
  return depth === 0
}
