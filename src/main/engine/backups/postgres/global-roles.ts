/** The roles of a server, read from what `pg_dumpall --globals-only` wrote: as facts, so that it is decided what of them comes back. Pure. */
import { NAME, nameIn, statementsOf, TEXT } from './statements.ts'

export interface GlobalRole {
  readonly name: string
  readonly login: boolean
  readonly inherits: boolean
  /** As it is written: `CONNECTION LIMIT 3`, `VALID UNTIL '…'`. */
  readonly limits: readonly string[]
  /** What it may do to the server as a whole: `SUPERUSER`, `CREATEROLE`. */
  readonly powers: readonly string[]
  /** What is set for it, as it is written: `SET work_mem TO '3MB'`. */
  readonly settings: readonly string[]
  /** As it is written. */
  readonly comment: string | null
  readonly memberOf: readonly { readonly role: string; readonly terms: string }[]
}

const CREATE = new RegExp(`^CREATE ROLE (${NAME})$`)
const ATTRIBUTES = new RegExp(`^ALTER ROLE (${NAME}) WITH (.*)$`, 's')
const SETTING = new RegExp(`^ALTER ROLE (${NAME}) (SET .*)$`, 's')
const COMMENT = new RegExp(`^COMMENT ON ROLE (${NAME}) IS (${TEXT})$`)
const MEMBER = new RegExp(`^GRANT (${NAME}) TO (${NAME})(?: WITH ([A-Z, ]+?))?(?: GRANTED BY ${NAME})?$`)
const LIMIT = new RegExp(`CONNECTION LIMIT \\d+|VALID UNTIL ${TEXT}`, 'g')
const POWERS = ['SUPERUSER', 'CREATEROLE', 'CREATEDB', 'REPLICATION', 'BYPASSRLS']

export function globalRolesOf(sql: string): GlobalRole[] {
  const roles = new Map<string, GlobalRole>()
  const change = (written: string | undefined, changes: (role: GlobalRole) => Partial<GlobalRole>) => {
    const role = roles.get(nameIn(written ?? ''))
    if (role !== undefined) roles.set(role.name, { ...role, ...changes(role) })
  }
  for (const statement of statementsOf(sql)) {
    const created = CREATE.exec(statement)?.[1]
    if (created !== undefined) {
      const name = nameIn(created)
      const nothing = { limits: [], powers: [], settings: [], comment: null, memberOf: [] }
      roles.set(name, { name, login: false, inherits: true, ...nothing })
    }
    const [, altered, attributes = ''] = ATTRIBUTES.exec(statement) ?? []
    change(altered, () => {
      const words = attributes.replaceAll(LIMIT, '').split(/\s+/)
      return {
        ...{ login: words.includes('LOGIN'), inherits: !words.includes('NOINHERIT') },
        limits: attributes.match(LIMIT) ?? [],
        powers: POWERS.filter((power) => words.includes(power)),
      }
    })
    const [, set, setting = ''] = SETTING.exec(statement) ?? []
    change(set, ({ settings }) => ({ settings: [...settings, setting] }))
    const [, commented, comment = null] = COMMENT.exec(statement) ?? []
    change(commented, () => ({ comment }))
    const [, role = '', member, terms = ''] = MEMBER.exec(statement) ?? []
    change(member, ({ memberOf }) => ({ memberOf: [...memberOf, { role: nameIn(role), terms }] }))
  }
  return [...roles.values()]
}
