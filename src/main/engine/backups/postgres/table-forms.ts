/** The forms of statements that tables of a dump are furnished with where we say them with our own rights: anything else is not said. Pure. */
import { NAME } from './names-written.ts'
import { changesOne, isAlone } from './statement-pieces.ts'
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

/** What has an expression, and so may be said by another way than as the only one of its message. */
const WITH_EXPRESSION = /^CREATE (?:(?:CONSTRAINT )?TRIGGER|POLICY|STATISTICS) /

export function isKnown(statement: string): boolean {
  if (!FORMS.some((form) => form.test(statement))) return false
  if (/^ALTER TABLE /.test(statement)) return changesOne(statement) && isAlone(statement)
  return !WITH_EXPRESSION.test(statement) || isAlone(statement)
}
