/**
 * What is done with each piece of a dump that others made, and what is refused of it. What is said to `psql` is never done. One that does not end as `pg_dump`
 * ends one was cut off.
 */
import { BackupError } from '../backup-error.ts'
import { NAME, nameRead } from '../postgres/names-written.ts'
import type { Table } from '../postgres/snapshot.ts'
import type { Unit } from './script.ts'

export type Deed =
  | { readonly kind: 'nothing' }
  /** `mayFail`: with these codes of PostgreSQL it is no failure of the restore. */
  | { readonly kind: 'run'; readonly mayFail: readonly string[] }
  /** `table`: `null` where its name is not written as `pg_dump` writes one. */
  | { readonly kind: 'copy'; readonly table: Table | null }

/** What a dump says of itself. */
export interface Told {
  /** Of the server, and of `pg_dump`: `15.14`; `null`: it does not say. */
  readonly server: string | null
  readonly program: string | null
  readonly extensions: ReadonlySet<string>
  /** Whom it gives things to. */
  readonly owners: ReadonlySet<string>
}

export interface Reading {
  /** @throws BackupError that names the line */
  judge(unit: Exclude<Unit, { kind: 'rows' | 'rows-end' }>): Deed
  /** Everything was read. @throws BackupError `dump-cut` */
  end(): Told
}

const NOTHING: Deed = { kind: 'nothing' }
const RUN: Deed = { kind: 'run', mayFail: [] }
const [NO_RIGHT, UNDEFINED, DUPLICATE_SCHEMA, NO_GRANT] = ['42501', '42704', '42P06', '0LP01']

/** In the format of `pg_dump`, in which a line is a row. */
const COPY = new RegExp(`^COPY\\s+(${NAME})\\.(${NAME})\\s(?:\\(.*\\)\\s)?FROM\\s+STDIN$`, 'is')
const OWNER = new RegExp(`^ALTER\\s[\\s\\S]*\\sOWNER\\s+TO\\s+(${NAME})$`, 'i')
const EXTENSION = new RegExp(`^CREATE\\s+EXTENSION\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${NAME})`, 'i')
const ENCODING = /^SET\s+client_encoding\s*(?:=|TO)\s*'?([\w-]+)'?$/i
/** Of the database as a whole: what is restored into has its own. And places of the server that it was made of. */
const LEFT_OUT =
  /^(?:(?:CREATE|ALTER|DROP)\s+DATABASE\s|COMMENT\s+ON\s+DATABASE\s|(?:GRANT|REVOKE)\s[^'"]*\sON\s+DATABASE\s|SET\s+default_tablespace\s|ALTER\s+ROLE\s[^']*\sIN\s+DATABASE\s)/i
/** A role or a setting that is not here, and what belongs to the server's administrator. */
const LENIENT: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:GRANT|REVOKE|ALTER\s+DEFAULT\s+PRIVILEGES)\s/i, [UNDEFINED, NO_RIGHT, NO_GRANT]],
  [/^COMMENT\s+ON\s+(?:EXTENSION\s|SCHEMA\s+public\s)/i, [NO_RIGHT]],
  [/^CREATE\s+SCHEMA\s+public$/i, [DUPLICATE_SCHEMA]],
  [/^SET\s/i, [UNDEFINED]],
]
/** In these a byte of a character may look like a quote. */
const UNREADABLE = new Set([
  'SJIS',
  'SHIFT_JIS_2004',
  'SHIFTJIS',
  'MSKANJI',
  'WIN932',
  'WINDOWS932',
  'BIG5',
  'WIN950',
  'WINDOWS950',
  'GBK',
  'WIN936',
  'WINDOWS936',
  'UHC',
  'WIN949',
  'WINDOWS949',
  'GB18030',
  'JOHAB',
])

const FROM_SERVER = /^Dumped from database version (\d+[\w.]*)/
const BY_PROGRAM = /^Dumped by pg_dump version (\d+[\w.]*)/
const END = 'PostgreSQL database dump complete'
const CLUSTER = 'PostgreSQL database cluster dump'
const HEAD_BYTES = 4096

export function createReading(): Reading {
  let server: string | null = null
  let program: string | null = null
  let isEnded = false
  let lastLine = 1
  /** Something was made: what is in it is one database's. */
  let isBegun = false
  const extensions = new Set<string>()
  const owners = new Set<string>()

  function statement(text: Buffer, line: number, copies: boolean): Deed {
    const head = text.toString('utf8', 0, HEAD_BYTES).trim()
    const encoding = ENCODING.exec(head)?.[1]?.toUpperCase()
    if (encoding !== undefined && UNREADABLE.has(encoding))
      throw new BackupError('dump-encoding', { line, encoding })
    if (copies) {
      const [, schema, name] = COPY.exec(text.toString('utf8').trim()) ?? []
      const table =
        schema === undefined || name === undefined ? null : { schema: nameRead(schema), name: nameRead(name) }
      return { kind: 'copy', table }
    }
    const owner = text.length < HEAD_BYTES ? OWNER.exec(head)?.[1] : undefined
    if (owner !== undefined) {
      owners.add(nameRead(owner))
      return NOTHING
    }
    if (LEFT_OUT.test(head)) return NOTHING
    const extension = EXTENSION.exec(head)?.[1]
    if (extension !== undefined) extensions.add(nameRead(extension))
    const mayFail = LENIENT.find(([pattern]) => pattern.test(head))?.[1]
    return mayFail === undefined ? RUN : { kind: 'run', mayFail }
  }

  return {
    judge(unit) {
      switch (unit.kind) {
        case 'comment':
          if (unit.text === CLUSTER) throw new BackupError('dump-cluster')
          if (unit.text === END) isEnded = true
          server ??= FROM_SERVER.exec(unit.text)?.[1] ?? null
          program ??= BY_PROGRAM.exec(unit.text)?.[1] ?? null
          return NOTHING
        case 'cut':
          throw new BackupError('dump-cut', { line: unit.line })
        case 'command': {
          const { text, line, isInside } = unit
          const isGuard = /^\\(?:un)?restrict\s/.test(text)
          // As `--create` writes it, before anything of the database.
          const isConnect = /^\\(?:connect|encoding)\s/.test(text) && !isBegun
          if (isInside || !(isGuard || isConnect))
            throw new BackupError('dump-command', { line, command: /^\\\S*/.exec(text)?.[0] ?? '\\' })
          return NOTHING
        }
        case 'statement': {
          const deed = statement(unit.text, unit.line, unit.copies)
          lastLine = unit.line
          isEnded = false
          if (
            deed.kind === 'copy' ||
            (deed === RUN && !/^SELECT\s+pg_catalog\.set_config/i.test(unit.text.toString('latin1', 0, 64)))
          )
            isBegun = true
          return deed
        }
      }
    },
    end() {
      if (!isEnded) throw new BackupError('dump-cut', { line: lastLine })
      return { server, program, extensions, owners }
    },
  }
}
