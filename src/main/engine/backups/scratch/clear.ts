/** Finds what drills made on a server, by its marks, and drops it. Whatever has no mark of ours is left alone, whatever it is called. */
import { z } from 'zod'
import { sqlName } from '../postgres/quote.ts'
import { dropDatabase, type Querying } from '../restore/databases.ts'
import { isInUse } from '../restore/elsewhere/roles.ts'
import { operationOfDatabase, operationOfRole } from './marks.ts'

const Marked = z.array(z.object({ oid: z.coerce.number(), name: z.string(), comment: z.string().nullable() }))

/** `$1`: an oid, or none for all. */
const DATABASES = `SELECT oid, datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database
  WHERE (datname LIKE 'vakhta\\_drill\\_%' OR shobj_description(oid, 'pg_database') LIKE 'Vakhta: drill %') AND ($1::oid IS NULL OR oid = $1) ORDER BY datname`
const ROLES = `SELECT oid, rolname AS name, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles
  WHERE shobj_description(oid, 'pg_authid') LIKE 'Vakhta: drill %' ORDER BY rolname`

interface Scratch {
  readonly operation: string
  readonly databases: readonly { readonly oid: number; readonly name: string }[]
  readonly roles: readonly string[]
}

/** What there is, by operation. */
export async function lookForScratch(client: Querying): Promise<Scratch[]> {
  const found = new Map<string, { databases: { oid: number; name: string }[]; roles: string[] }>()
  const of = (operation: string) => {
    const known = found.get(operation) ?? { databases: [], roles: [] }
    found.set(operation, known)
    return known
  }
  for (const one of Marked.parse((await client.query(DATABASES, [null])).rows)) {
    const operation = operationOfDatabase(one)
    if (operation !== null) of(operation).databases.push(one)
  }
  for (const one of Marked.parse((await client.query(ROLES)).rows)) {
    const operation = operationOfRole(one)
    if (operation !== null) of(operation).roles.push(one.name)
  }
  return [...found].map(([operation, scratch]) => ({ operation, ...scratch }))
}

export interface Cleared {
  readonly databases: readonly string[]
  /** Roles that something else belongs to by now: they stay, without the mark. */
  readonly kept: readonly string[]
}

/** Drops all of it that is an operation's. Again and again: what is not there is dropped. */
export async function clearScratch(client: Querying, version: number, operation: string): Promise<Cleared> {
  const scratch = (await lookForScratch(client)).find((one) => one.operation === operation)
  const { databases = [], roles = [] } = scratch ?? {}
  for (const { oid } of databases) await dropScratch(client, version, { oid, operation })
  const kept: string[] = []
  for (const role of roles) {
    try {
      await client.query(`DROP ROLE ${sqlName(role)}`)
    } catch (error) {
      if (!isInUse(error)) throw error
      kept.push(role)
      await client.query(`COMMENT ON ROLE ${sqlName(role)} IS NULL`)
    }
  }
  return { databases: databases.map(({ name }) => name), kept }
}

/** What has the oid, as it is called now, where it has the mark still. */
export async function dropScratch(
  client: Querying,
  version: number,
  { oid, operation }: { readonly oid: number; readonly operation: string },
): Promise<void> {
  const [there] = Marked.parse((await client.query(DATABASES, [oid])).rows)
  if (there !== undefined && operationOfDatabase(there) === operation)
    await dropDatabase(client, version, there.name)
}
