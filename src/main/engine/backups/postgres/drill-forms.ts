/** The forms of what the superuser of a drill says of a dump. Each is written out as far as a statement that begins like it could else do more than name something. Pure. */
import { NAME } from './names-written.ts'
import { readsPlainly } from './statement-pieces.ts'
import { PRIVILEGES } from './table-forms.ts'

const QUOTED = '"(?:[^"]|"")+"'
const TYPE = `(?:${QUOTED}|[\\w$ .[\\]])+`
/** Of a function, with the names that they have in it. */
const ARGUMENTS = `\\((?:${QUOTED}|[\\w$ .,*[\\]])*\\)`
const NAMED = `(?:${NAME}\\.)?${NAME}`
/** What begins a comment is in no operator. */
const OPERATOR = `(?:${NAME}\\.)?(?:(?!--|/\\*)[-+*/<>=~!@#%^&|\`?])+`

/** What belongs to a role: the words for it are those of its entry. */
const OWNED = [
  'AGGREGATE',
  'COLLATION',
  'CONVERSION',
  'DOMAIN',
  'FOREIGN TABLE',
  'FUNCTION',
  'MATERIALIZED VIEW',
  'OPERATOR',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
  'PROCEDURE',
  'SCHEMA',
  'SEQUENCE',
  'SERVER',
  'STATISTICS',
  'TABLE',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TYPE',
  'VIEW',
]
/** Theirs are superusers, and here there is none but ours. */
const OF_SUPERUSERS = ['EVENT TRIGGER', 'FOREIGN DATA WRAPPER', 'PUBLICATION']
const KINDS = [...OWNED, ...OF_SUPERUSERS].join('|')
/** Whoever says it is none that a dump may name. */
const OWNER = new RegExp(
  `^ALTER (?:${KINDS}) (?:${NAMED}|${OPERATOR} ?(?=\\())(?:${ARGUMENTS})?(?: USING ${NAME})? OWNER TO (?!(?:CURRENT_USER|CURRENT_ROLE|SESSION_USER)$)${NAME}$`,
  'i',
)

export function isOwner(statement: string): boolean {
  return OWNER.test(statement)
}

/** Whether what is of this type belongs to a role of the backup. */
export function isOwned(type: string): boolean {
  return OWNED.includes(type)
}

const CAST = new RegExp(
  `^CREATE CAST \\(${TYPE}\\) WITH (?:INOUT|FUNCTION ${NAMED}${ARGUMENTS})(?: AS (?:ASSIGNMENT|IMPLICIT))?$`,
)
const WRAPPER = new RegExp(`^CREATE FOREIGN DATA WRAPPER ${NAME}(?: OPTIONS \\(.*\\))?$`, 's')
const FAMILY = new RegExp(`^CREATE OPERATOR FAMILY ${NAME}\\.${NAME} USING ${NAME}$`)
const MEMBERS = new RegExp(
  `^(?:CREATE OPERATOR CLASS ${NAME}\\.${NAME}\\s+(?:DEFAULT )?FOR TYPE ${TYPE} USING (btree|hash)(?: FAMILY ${NAME}\\.${NAME})? AS|ALTER OPERATOR FAMILY ${NAME}\\.${NAME} USING (btree|hash) ADD)\\n {4}(.*)$`,
  's',
)
const OF_POSTGRESQL = /\b(?:CLASS|FAMILY) "?pg_catalog"?\./i
const OPERATOR_MEMBER = new RegExp(`^OPERATOR \\d+ ${OPERATOR}${ARGUMENTS}$`)
const FUNCTION_MEMBER = new RegExp(
  `^FUNCTION (\\d+) \\((${TYPE}), (${TYPE})\\) ${NAMED}\\(((?:${QUOTED}|[^"()])*)\\)$`,
)

/** An index hands the functions of a class what is in its columns, and nobody looks whether they take that: with others the server reads what is none of theirs. */
function isOfClass(statement: string): boolean {
  if (OF_POSTGRESQL.test(statement)) return false
  if (FAMILY.test(statement)) return true
  const [, ofClass, ofFamily, members] = MEMBERS.exec(statement) ?? []
  const method = ofClass ?? ofFamily
  return members?.split(' ,\n    ').every((member) => isMember(member, method)) === true
}

function isMember(member: string, method: string | undefined): boolean {
  if (OPERATOR_MEMBER.test(member)) return true
  const [, number, left, right, taken] = FUNCTION_MEMBER.exec(member) ?? []
  if (number === undefined || left === undefined) return false
  if (method === 'btree') return number === '1' && taken === `${left},${right}`
  return left === right && taken === { 1: left, 2: `${left},bigint` }[number]
}

/** What a superuser makes with nothing of the database run, and what comes after it needs. */
export const IN_THE_MIDDLE: ReadonlyMap<string, (statement: string) => boolean> = new Map([
  ['CAST', (statement: string) => CAST.test(statement)],
  ['OPERATOR CLASS', isOfClass],
  ['OPERATOR FAMILY', isOfClass],
  ['FOREIGN DATA WRAPPER', (statement: string) => WRAPPER.test(statement)],
])

/** Of roles, settings, databases and tablespaces none is granted: they are the server's. */
const GRANT = new RegExp(
  `${PRIVILEGES} ON (?:TABLE|SEQUENCE|FUNCTION|PROCEDURE|SCHEMA|TYPE|LANGUAGE|FOREIGN DATA WRAPPER|FOREIGN SERVER|LARGE OBJECT) `,
)

const PUBLICATION = new RegExp(
  `^CREATE PUBLICATION ${NAME}(?: FOR [A-Z ,]+)? WITH \\(publish = '[a-z, ]*'(?:, \\w+ = \\w+)*\\)$`,
)
const PUBLISHED = `^ALTER PUBLICATION ${NAME} ADD TABLE(?: ONLY)? ${NAMED}(?: \\(${NAME}(?:, ${NAME})*\\))?`
const PUBLISHED_TABLE = new RegExp(`${PUBLISHED}$`)
const PUBLISHED_ROWS = new RegExp(`${PUBLISHED} WHERE \\(.*\\)$`, 's')
const PUBLISHED_SCHEMA = new RegExp(`^ALTER PUBLICATION ${NAME} ADD TABLES IN SCHEMA ${NAME}$`)

interface Form {
  test(statement: string): boolean
}

/** What only names something, as it is said at the end. */
export const AT_THE_END: ReadonlyMap<string, readonly Form[]> = new Map<string, readonly Form[]>([
  ['COMMENT', [/^COMMENT ON /]],
  [
    'ACL',
    [
      GRANT,
      new RegExp(`^(?:SET SESSION AUTHORIZATION (?:${NAME}|'(?:[^']|'')*')|RESET SESSION AUTHORIZATION)$`),
    ],
  ],
  ['DEFAULT ACL', [/^ALTER DEFAULT PRIVILEGES /]],
  ['PUBLICATION', [PUBLICATION]],
  [
    'PUBLICATION TABLE',
    [
      PUBLISHED_TABLE,
      // What it compares with is read before PostgreSQL looks whether it is simple enough.
      { test: (statement) => PUBLISHED_ROWS.test(statement) && readsPlainly(statement) },
    ],
  ],
  ['PUBLICATION TABLES IN SCHEMA', [PUBLISHED_SCHEMA]],
  // From the first of these on, what others say runs something of the database.
  ['EVENT TRIGGER', [/^CREATE EVENT TRIGGER /, /^ALTER EVENT TRIGGER /]],
])
