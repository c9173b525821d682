/** What a dump says of itself before its data: the extensions that it needs, and the roles that what is in it is given to. */
import { text } from 'node:stream/consumers'
import type { Given } from '../staging/given.ts'
import { refuseUnreadable } from './compression.ts'
import { type DumpEntry, dumpEntriesOf } from './dump-entries.ts'
import { explainReading } from './explain.ts'
import { runProgram } from './program.ts'
import type { Tool } from './tools.ts'

export interface Archive {
  readonly extensions: readonly string[]
  readonly roles: readonly string[]
  /** No restore brings them back: theirs is a slot that the database in use, or its successor, may be reading. */
  readonly subscriptions: readonly string[]
}

export async function readArchive(given: Given, tool: Tool): Promise<Archive> {
  return archiveOf(await readEntries(given, tool))
}

/** All that a dump says besides rows, entry by entry: what a function only has in its text is none. */
export async function readEntries(
  given: Given,
  tool: Tool,
  args: readonly string[] = [],
): Promise<DumpEntry[]> {
  return dumpEntriesOf(await readSchema(given, tool, ['--verbose', '--no-tablespaces', ...args]))
}

/** What `pg_restore --schema-only` writes. */
export async function readSchema(
  { file, args: from, content, watch }: Given,
  tool: Tool,
  args: readonly string[],
): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
  const run = runProgram(tool.path, ['--schema-only', ...args, '--file=-', ...from], env, { reads: true })
  const { silent, unless } = watch(run.exit)
  const stop = () => void run.stop()
  silent.addEventListener('abort', stop, { once: true })
  try {
    const said = text(run.output)
    // A short one is read to its end before the program has looked at it.
    for await (const chunk of content()) if (!(await run.give(chunk))) break
    run.giveNoMore()
    const sql = await unless(said)
    const exit = await unless(run.exit)
    silent.throwIfAborted()
    if (exit.code !== 0) throw explainReading(tool, exit, file)
    refuseUnreadable(exit.words, tool, file)
    return sql
  } finally {
    silent.removeEventListener('abort', stop)
    await unless(run.stop())
  }
}

/** The last word of `GRANT … TO role`, quoted where it needs that. */
const GRANTEE =
  /^(?:GRANT|ALTER DEFAULT PRIVILEGES) .* TO (?:"((?:[^"]|"")+)"|([\w$]+))(?: WITH GRANT OPTION)?$/s
const OF_GRANTS: ReadonlySet<string> = new Set(['ACL', 'DEFAULT ACL'])

/** Pure. */
export function archiveOf(entries: readonly DumpEntry[]): Archive {
  const extensions = new Set<string>()
  const roles = new Set<string>()
  const subscriptions: string[] = []
  for (const { type, name, owner, statements } of entries) {
    if (type === 'EXTENSION') extensions.add(name)
    if (type === 'SUBSCRIPTION') subscriptions.push(name)
    if (owner !== '' && owner !== '-') roles.add(owner)
    if (!OF_GRANTS.has(type)) continue
    for (const statement of statements) {
      const [, quoted, bare] = GRANTEE.exec(statement) ?? []
      const grantee = quoted?.replaceAll('""', '"') ?? bare
      if (grantee !== undefined && grantee !== 'PUBLIC') roles.add(grantee)
    }
  }
  // Those of PostgreSQL itself are there.
  const named = [...roles].filter((role) => !role.startsWith('pg_'))
  return { extensions: [...extensions], roles: named, subscriptions }
}

/** Where the subscription itself does not come back (`--no-subscriptions`), what is said of it fails; not every `pg_restore` leaves that out by itself. Pure. */
export function isSaidOfSubscription({ type, name }: Pick<DumpEntry, 'type' | 'name'>): boolean {
  return (type === 'COMMENT' || type === 'SECURITY LABEL') && name.startsWith('SUBSCRIPTION ')
}

/** Schemas that what was dumped is in, and that the dump does not make: of chosen tables they are left out. Pure. */
export function schemasLeftOut(entries: readonly DumpEntry[]): string[] {
  const made = new Set(entries.filter(({ type }) => type === 'SCHEMA').map(({ name }) => name))
  const used = new Set(entries.flatMap(({ schema }) => schema ?? []))
  // PostgreSQL's own are there.
  return [...used].filter((schema) => schema !== '' && !schema.startsWith('pg_') && !made.has(schema))
}
