/** What a dump says of itself before its data: the extensions that it needs, and the roles that what is in it is given to. */
import { text } from 'node:stream/consumers'
import type { Given } from '../staging/given.ts'
import { refuseUnreadable } from './compression.ts'
import { explainReading } from './explain.ts'
import { runProgram } from './program.ts'
import type { Tool } from './tools.ts'

export interface Archive {
  readonly extensions: readonly string[]
  readonly roles: readonly string[]
}

export async function readArchive(given: Given, tool: Tool): Promise<Archive> {
  return archiveOf(await readSchema(given, tool, []))
}

/** What `pg_restore --schema-only` writes. */
export async function readSchema(
  { file, args: from, content }: Given,
  tool: Tool,
  args: readonly string[],
): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
  const run = runProgram(tool.path, ['--schema-only', ...args, '--file=-', ...from], env, { reads: true })
  try {
    const said = text(run.output)
    // A short one is read to its end before the program has looked at it.
    for await (const chunk of content()) if (!(await run.give(chunk))) break
    run.giveNoMore()
    const sql = await said
    const exit = await run.exit
    if (exit.code !== 0) throw explainReading(tool, exit, file)
    refuseUnreadable(exit.words, tool, file)
    return sql
  } finally {
    await run.stop()
  }
}

/** As `pg_restore` introduces each entry; its owner stands last, or its tablespace does. */
export const ENTRY = /^-- Name: (.*); Type: (.*); Schema: .*?; Owner: (.*?)(?:; Tablespace: .*)?$/
/** What it is called and the schema that it is in. */
const IN_SCHEMA = /^-- Name: (.*); Type: (.*); Schema: (.*?); Owner: /
/** The last word of `GRANT … TO role;`, quoted where it needs that. */
const GRANTEE =
  /^(?:GRANT|ALTER DEFAULT PRIVILEGES) .* TO (?:"((?:[^"]|"")+)"|([\w$]+))(?: WITH GRANT OPTION)?;$/

/** Pure. @param sql what `pg_restore --schema-only` writes */
export function archiveOf(sql: string): Archive {
  const extensions = new Set<string>()
  const roles = new Set<string>()
  let type = ''
  for (const line of sql.split('\n')) {
    const entry = ENTRY.exec(line)
    if (entry !== null) {
      const [, name = '', kind = '', owner = ''] = entry
      type = kind
      if (kind === 'EXTENSION') extensions.add(name)
      if (owner !== '' && owner !== '-') roles.add(owner)
      continue
    }
    if (type !== 'ACL' && type !== 'DEFAULT ACL') continue
    const [, quoted, bare] = GRANTEE.exec(line) ?? []
    const grantee = quoted?.replaceAll('""', '"') ?? bare
    if (grantee !== undefined && grantee !== 'PUBLIC') roles.add(grantee)
  }
  // Those of PostgreSQL itself are there.
  return { extensions: [...extensions], roles: [...roles].filter((role) => !role.startsWith('pg_')) }
}

/** Schemas that what was dumped is in, and that the dump does not make: of chosen tables they are left out. Pure. @param sql what `pg_restore --schema-only` writes */
export function schemasLeftOut(sql: string): string[] {
  const made = new Set<string>()
  const used = new Set<string>()
  for (const line of sql.split('\n')) {
    const [, name = '', type = '', schema = ''] = IN_SCHEMA.exec(line) ?? []
    if (type === 'SCHEMA') made.add(name)
    // PostgreSQL's own are there.
    else if (schema !== '' && schema !== '-' && !schema.startsWith('pg_')) used.add(schema)
  }
  return [...used].filter((schema) => !made.has(schema))
}
