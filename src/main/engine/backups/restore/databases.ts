/** Databases of a server, looked at and made from the maintenance database: what one is, and another that is like it. */
import { type Client, DatabaseError, escapeLiteral } from 'pg'
import { z } from 'zod'
import { sqlName } from '../postgres/quote.ts'

export type Querying = Pick<Client, 'query'>

const Database = z.object({
  oid: z.coerce.number(),
  name: z.string(),
  owner: z.string(),
  tablespace: z.string(),
  encoding: z.string(),
  comment: z.string().nullable(),
  /** Columns of `pg_database`, which differ between versions. */
  facts: z.looseObject({
    datcollate: z.string(),
    datctype: z.string(),
    /** 15 on: `c` libc, `i` ICU, `b` the server's own (17). */
    datlocprovider: z.string().optional(),
    /** 15 and 16, and 17 on. */
    daticulocale: z.string().nullish(),
    datlocale: z.string().nullish(),
    daticurules: z.string().nullish(),
    datconnlimit: z.number(),
    datallowconn: z.boolean(),
    datistemplate: z.boolean(),
  }),
})
export type Database = z.infer<typeof Database>

const LOOK = `
  SELECT d.oid, d.datname AS name, pg_get_userbyid(d.datdba) AS owner, t.spcname AS tablespace,
         pg_encoding_to_char(d.encoding) AS encoding, shobj_description(d.oid, 'pg_database') AS comment, to_jsonb(d) AS facts
    FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace`

/** Those of these names or oids that there are. */
export async function lookAtDatabases(
  client: Querying,
  { names = [], oids = [] }: { readonly names?: readonly string[]; readonly oids?: readonly number[] },
): Promise<Database[]> {
  const { rows } = await client.query(`${LOOK} WHERE d.datname = ANY ($1) OR d.oid = ANY ($2)`, [names, oids])
  return z.array(Database).parse(rows)
}

/** `CREATE DATABASE` for one as this is, but empty. */
export function createLike({ owner, tablespace, encoding, facts }: Database, name: string): string {
  const { datlocprovider, datcollate, datctype, daticurules } = facts
  const locale = facts.datlocale ?? facts.daticulocale
  const provider =
    datlocprovider === 'i'
      ? [`LOCALE_PROVIDER icu ICU_LOCALE ${escapeLiteral(locale ?? 'und')}`]
      : datlocprovider === 'b'
        ? [`LOCALE_PROVIDER builtin BUILTIN_LOCALE ${escapeLiteral(locale ?? 'C')}`]
        : []
  return [
    // Nothing that somebody put into template1 is in the way of what is restored.
    `CREATE DATABASE ${sqlName(name)} TEMPLATE template0 OWNER ${sqlName(owner)}`,
    `ENCODING ${escapeLiteral(encoding)}`,
    `LC_COLLATE ${escapeLiteral(datcollate)} LC_CTYPE ${escapeLiteral(datctype)}`,
    ...provider,
    ...(daticurules == null ? [] : [`ICU_RULES ${escapeLiteral(daticurules)}`]),
    // To name the server's own takes a right that making one there does not.
    ...(tablespace === 'pg_default' ? [] : [`TABLESPACE ${sqlName(tablespace)}`]),
  ].join(' ')
}

/** Ends whoever is in it, and drops it, where it is there. */
export async function dropDatabase(client: Querying, version: number, name: string): Promise<void> {
  if (version >= 130_000) {
    await client.query(`DROP DATABASE IF EXISTS ${sqlName(name)} WITH (FORCE)`)
    return
  }
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
  // Waits up to five seconds for them to end.
  await client.query(`DROP DATABASE IF EXISTS ${sqlName(name)}`)
}

/** Connections that PostgreSQL allows to one whose drop was begun and did not get to its end: files of it may be gone. */
const BROKEN = -2

/** Nobody is let in, not even a superuser. */
export function isClosed({ facts }: Database): boolean {
  return !facts.datallowconn
}

export function isBroken({ facts }: Database): boolean {
  return facts.datconnlimit === BROKEN
}

/** Resources, files, and what it says of itself. */
const OF_ITS_MACHINE = /^(53|58|XX)/

/**
 * What PostgreSQL says where its machine kept it from its work; `null`: it is something else. Before it drops a database it writes what it has in memory of all
 * of them: with a full disk that fails as a checkpoint, which says nothing of the disk.
 */
export function wordsOfItsMachine(error: unknown): string | null {
  return error instanceof DatabaseError && OF_ITS_MACHINE.test(error.code ?? '') ? error.message : null
}

export function commentOn(name: string, comment: string | null): string {
  return `COMMENT ON DATABASE ${sqlName(name)} IS ${comment === null ? 'NULL' : escapeLiteral(comment)}`
}
