/**
 * The entries of a dump as `pg_restore --schema-only --verbose` writes them: what each is, what it needs of the others, and its statements. Where a statement
 * ends is told as a server would, so that what looks like an entry within the text of a function is none.
 */
import { readScript } from '../foreign/script.ts'
import { standing } from './standard-strings.ts'

export interface DumpEntry {
  readonly id: number
  /** The ids of others. */
  readonly needs: readonly number[]
  /** `TABLE`, `FK CONSTRAINT`, `COMMENT` and so on; what it is called beside that depends on it. */
  readonly type: string
  readonly name: string
  /** `null`: it is in none. */
  readonly schema: string | null
  readonly owner: string
  /** As they are read with `standard_conforming_strings`. */
  readonly statements: readonly string[]
}

/** Before its first entry, where the database was set to that when it was dumped. */
const NOT_STANDARD = 'SET standard_conforming_strings = off'

const ID = /^TOC entry (\d+) /
const NEEDS = /^Dependencies:((?: \d+)+)$/
/** Whatever a name is like, it stands first. What has no owner has nothing or a dash there. */
const HEAD = /^Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner:(?: (.*))?$/
/** One that needs everything of a large database is no longer. */
const LONGEST_REMARK_BYTES = 1024 * 1024

/** @param sql what the program writes, without tablespaces */
export async function dumpEntriesOf(sql: string): Promise<DumpEntry[]> {
  const entries: (DumpEntry & { statements: string[] })[] = []
  let isStandard = true
  let begun: { id: number; needs: readonly number[] } | null = null
  async function* once(): AsyncGenerator<Buffer> {
    yield Buffer.from(sql, 'utf8')
  }
  for await (const unit of readScript(once(), LONGEST_REMARK_BYTES)) {
    if (unit.kind === 'statement') {
      const text = unit.text.toString('utf8').trim()
      if (entries.length === 0 && text === NOT_STANDARD) isStandard = false
      entries.at(-1)?.statements.push(isStandard ? text : standing(text))
    }
    if (unit.kind !== 'comment') continue
    const id = ID.exec(unit.text)?.[1]
    if (id !== undefined) begun = { id: Number(id), needs: [] }
    if (begun === null) continue
    const needs = NEEDS.exec(unit.text)?.[1]
    if (needs !== undefined) begun = { ...begun, needs: [...new Set(needs.trim().split(' ').map(Number))] }
    const [, name, type, schema, owner = ''] = HEAD.exec(unit.text) ?? []
    if (name === undefined || type === undefined) continue
    entries.push({
      ...begun,
      name,
      type,
      schema: schema === '-' ? null : (schema ?? null),
      owner,
      statements: [],
    })
    begun = null
  }
  return entries
}
